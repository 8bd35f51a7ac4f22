import { describe, expect, test } from 'vitest';
import { Admission } from '../../../../hub/socketio/engine/admission.ts';
import { CloseLog } from '../../../../hub/socketio/engine/close-log.ts';
import { serializeCookie } from '../../../../hub/socketio/engine/cookie.ts';
import { FloodGuard } from '../../../../hub/socketio/engine/flood-guard.ts';
import { parseQuery } from '../../../../hub/socketio/engine/query.ts';
import { obtainId } from '../../../../hub/socketio/engine/session-id.ts';
import { closeStaggered } from '../../../../hub/socketio/engine/staggered-close.ts';
import { TokenBucket } from '../../../../hub/socketio/engine/token-bucket.ts';
import { FrameChain, WriteBatch } from '../../../../hub/socketio/engine/write-batch.ts';
import { WriteBuffer } from '../../../../hub/socketio/engine/write-buffer.ts';

describe('a token bucket', () => {
  test('gives its burst at once and then so many a second', () => {
    const bucket = new TokenBucket(10, 2, 0);
    expect([bucket.take(1, 0), bucket.take(1, 0), bucket.take(1, 0)]).toEqual([true, true, false]);
    expect([bucket.take(1, 99), bucket.take(1, 100), bucket.take(1, 100)]).toEqual([false, true, false]);
  });

  test('holds no more than its burst, however long it waited', () => {
    const bucket = new TokenBucket(10, 2, 0);
    expect(bucket.take(3, 1e9)).toBe(false);
    expect(bucket.take(2, 1e9)).toBe(true);
  });
});

describe('admission', () => {
  const request = {} as never;

  test('admits everybody if not said otherwise', () => {
    expect(new Admission(undefined, () => 0).refusalOf(request)).toBeUndefined();
  });

  test('says when to come back', () => {
    const admission = new Admission({ perSecond: 1, retryAfterSeconds: 7 }, () => 0);
    expect(admission.refusalOf(request)).toBeUndefined();
    expect(admission.refusalOf(request)).toMatchObject({ status: 503, headers: { 'Retry-After': '7' } });
  });

  test('asks a function', () => {
    const waits = [0, 2.5];
    const admission = new Admission(
      () => waits.shift() ?? 0,
      () => 0,
    );
    expect(admission.refusalOf(request)).toBeUndefined();
    expect(admission.refusalOf(request)).toMatchObject({ headers: { 'Retry-After': '3' } });
  });

  test('admits nobody once closed', () => {
    const admission = new Admission(undefined, () => 0);
    admission.close();
    expect(admission.refusalOf(request)).toMatchObject({ status: 503 });
  });
});

test('a flood is told by packets or by bytes', () => {
  expect(new FloodGuard({}, 0).objectionTo(1e9, 0)).toBeUndefined();
  const packets = new FloodGuard({ packetsPerSecond: 1 }, 0);
  expect([1, 2, 3].map(() => packets.objectionTo(1, 0))).toEqual([
    undefined,
    undefined,
    'packet rate exceeded',
  ]);
  const bytes = new FloodGuard({ bytesPerSecond: 10 }, 0);
  expect([20, 1].map((size) => bytes.objectionTo(size, 0))).toEqual([undefined, 'byte rate exceeded']);
});

test('the close log keeps the newest, oldest first', () => {
  const log = new CloseLog(3);
  for (const sessionId of 'abcde') {
    log.add({
      sessionId,
      reason: '',
      description: undefined,
      transport: '',
      ageMs: 0,
      bufferedBytes: 0,
      roundTripMs: undefined,
      closedAt: new Date(0),
    });
  }
  expect(log.toArray().map(({ sessionId }) => sessionId)).toEqual(['c', 'd', 'e']);
});

describe('RFC 6265, section 4.1: a cookie', () => {
  test('has the attributes it was given', () => {
    const options = {
      name: 'io',
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      partitioned: true,
      priority: 'high',
      expires: new Date(0),
    } as const;
    expect(serializeCookie('a b', options)).toBe(
      'io=a%20b; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Partitioned; Priority=High; SameSite=Lax',
    );
  });

  test('sameSite: true is strict', () => {
    expect(serializeCookie('x', { sameSite: true })).toBe('io=x; SameSite=Strict');
  });
});

const oddQueries = ['?', '?a', '?a=', '?=b', '?&&a=1&', '?a=b=c', '?a=%41', '?a=1+2', '?a=\u00e9'];
const usualQueries = [
  '?EIO=4&transport=websocket',
  '?EIO=4&transport=polling&t=abc_-1',
  '?EIO=4&transport=polling&t=PfGx&sid=a-B_9',
  '?EIO=4&transport=polling&sid=x',
  '?EIO=4&transport=polling&sid=x&t=late',
  '?EIO=4&transport=polling&sid=%41',
  '?EIO=4&transport=polling&sid=a&sid=b',
];

for (const query of [...oddQueries, ...usualQueries]) {
  test(`the query ${query} is read as URLs have it`, () => {
    expect({ ...parseQuery(`/${query}`) }).toEqual(
      Object.fromEntries(new URL(`http://x/${query}`).searchParams),
    );
  });
}

test('a query is what URLs say, its names only its own', () => {
  const query = parseQuery('/engine.io/?a=1&a=2&b=x%20y&__proto__=z#c=3');
  expect(Object.entries(query)).toEqual([
    ['a', '2'],
    ['b', 'x y'],
    ['__proto__', 'z'],
  ]);
  expect('constructor' in query).toBe(false);
  expect(Object.keys(parseQuery('/engine.io/'))).toEqual([]);
});

function outcome(generate: () => string | PromiseLike<string>): Promise<unknown> {
  return new Promise((resolve) => obtainId(generate, resolve, resolve));
}

function failing(): string {
  throw new Error('thrown');
}

describe('session ids', () => {
  test('may come later, or not at all', async () => {
    expect(await outcome(() => 'now')).toBe('now');
    expect(await outcome(() => Promise.resolve('later'))).toBe('later');
    expect(await outcome(() => Promise.reject(new Error('never')))).toEqual(new Error('never'));
    expect(await outcome(failing)).toEqual(new Error('thrown'));
  });
});

test('sessions are closed a batch at a time', async () => {
  const closed: number[] = [];
  const waits: number[] = [];
  const clock = {
    nowMs: () => 0,
    after: (delayMs: number, action: () => void) => {
      waits.push(delayMs);
      expect(closed.length).toBe(waits.length * 2);
      queueMicrotask(action);
      return () => undefined;
    },
  };
  const sessions = Array.from({ length: 5 }, (_, index) => ({ close: () => closed.push(index) }));
  await closeStaggered(sessions, { batch: 2, everyMs: 10 }, clock);
  expect([closed, waits]).toEqual([
    [0, 1, 2, 3, 4],
    [10, 10],
  ]);
});

test('connections written to in one tick are flushed once, at its end', async () => {
  const batch = new WriteBatch();
  const flushed: string[] = [];
  batch.add({ flushFrames: () => flushed.push('a') });
  batch.add({ flushFrames: () => flushed.push('b') });
  expect(flushed).toEqual([]);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(flushed).toEqual(['a', 'b']);
});

test('connections that get the same frames in one tick share what is written', () => {
  const batch = new WriteBatch();
  const [news, more, other] = ['news', 'more', 'other'].map((text) => Buffer.from(text)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const first = batch.beginShared(news).followedByShared(more);
  const second = batch.beginShared(news).followedByShared(more);
  expect(second.joined()).toBe(first.joined());
  const apart = batch.beginShared(news).followedBy(other).followedByShared(more);
  const chains = [first, batch.beginShared(news), batch.beginShared(news).followedByShared(other), apart];
  expect(chains.map((chain) => [String(chain.joined()), chain.bytes])).toEqual([
    ['newsmore', 8],
    ['news', 4],
    ['newsother', 9],
    ['newsothermore', 13],
  ]);
});

test('text for one connection is put to text, and what others get as well is left as it is', () => {
  const batch = new WriteBatch();
  const own = new FrameChain('a').followedBy('b');
  expect([own.joined(), own.bytes, own.toArray()]).toEqual(['ab', 2, ['ab']]);
  const shared = batch.beginShared('news');
  expect(shared.followedBy('mine').followedBy('more').joined()).toBe('newsminemore');
  expect([shared.joined(), batch.beginShared('news')]).toEqual(['news', shared]);
});

test('text and bytes are joined as bytes, and so is long text that many get', () => {
  const chain = new FrameChain('\x81\x014').followedBy(Buffer.from([0x82, 0])).followedBy('\x81\x014');
  expect(chain.joined()).toEqual(Buffer.from([0x81, 1, 0x34, 0x82, 0, 0x81, 1, 0x34]));
  const long = new WriteBatch().beginShared('a'.repeat(8000)).followedByShared('b'.repeat(8000));
  expect(long.joined()).toEqual(Buffer.from('a'.repeat(8000) + 'b'.repeat(8000)));
});

test('a write buffer knows its bytes, whatever is taken or dropped', () => {
  const buffer = new WriteBuffer();
  for (const data of ['aa', 'é', Buffer.alloc(5)]) buffer.add({ type: 'message', data });
  expect(buffer.bytes).toBe(9);
  expect(buffer.splice(1, 1)).toBe(2);
  expect(buffer.bytes).toBe(7);
  expect(buffer.take(1, Infinity).map(({ data }) => data)).toEqual(['aa']);
  expect(buffer.bytes).toBe(5);
  buffer.add({ type: 'message', data: 'more' });
  expect(buffer.take(10, 4).map(({ data }) => data)).toEqual([Buffer.alloc(5)]);
  buffer.take(10, Infinity);
  expect([buffer.bytes, buffer.packets]).toEqual([0, []]);
});
