import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { JournalBatch, JournalCommit } from '#ports';
import { Budget } from '../../../hub/store/budget.ts';
import { StoreJournal } from '../../../hub/store/journal.ts';
import type { AppendMessage, ToThread } from '../../../hub/store/messages.ts';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';
import type { ReaderThread, WriterThread } from '../../../hub/store/threads.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { event, reading } from './temporary-file.ts';

/** Whether what was asked for room gives way. */
let asked: boolean[];
const room = { require: (givesWay: boolean) => void asked.push(givesWay) };
let posted: AppendMessage[];
let called: string[];
let clock: ManualClock;
let journal: StoreJournal;

function open(queueBytes: number, lingerMs = 0): StoreJournal {
  const writer = {
    post: (message: ToThread) => void posted.push(message as AppendMessage),
    call: async (name: string) => void called.push(name),
  };
  return new StoreJournal({
    writer: writer as unknown as WriterThread,
    reader: undefined as unknown as ReaderThread,
    series: new StoreSeriesIndex([]),
    ready: {
      kind: 'ready',
      epoch: 'e1',
      head: 10,
      tail: 3,
      merged: 5,
      cursor: 0,
      cursorSinceMs: 0,
      isRestored: false,
      found: [],
    },
    clock,
    lingerMs,
    budget: new Budget(queueBytes),
    room,
    spool: undefined,
  });
}

beforeEach(() => {
  posted = [];
  called = [];
  asked = [];
  clock = new ManualClock();
  journal = open(5500);
});

function append(batch: Partial<JournalBatch>): Promise<JournalCommit> {
  return journal.append({ readings: [], events: [], principal: 'p', ...batch });
}

/** The writer's answer to everything that was posted and is not answered yet: it is on disk. */
function commitAll(): void {
  for (const { turn, count, events } of posted.splice(0)) {
    const first = journal.head() + 1;
    const head = journal.head() + count + events.length;
    journal.settle({ kind: 'appended', turn, first, head, repeatedRows: [], repeatedEvents: [] });
  }
}

describe('What one turn of the event loop appends', () => {
  test('goes to the writer as one message, when the turn is over', async () => {
    const commits = [append({ readings: [reading(1)] }), append({ events: [event('boot')] })];
    expect(posted).toEqual([]);
    await turnOfTheLoop();
    expect(posted).toMatchObject([{ kind: 'append', count: 1, events: [{ name: 'boot' }] }]);
    commitAll();
    expect(await Promise.all(commits)).toEqual([
      { readingOffsets: [11], eventOffsets: [], offset: 12 },
      { readingOffsets: [], eventOffsets: [12], offset: 12 },
    ]);
  });

  test('is acknowledged only by the answer of the writer, in the order it came', async () => {
    const order: number[] = [];
    for (const value of [1, 2, 3])
      void append({ readings: [reading(value)] }).then(({ readingOffsets }) =>
        order.push(readingOffsets[0] ?? 0),
      );
    await turnOfTheLoop();
    expect([order, journal.head()]).toEqual([[], 10]);
    commitAll();
    await turnOfTheLoop();
    expect([order, journal.head()]).toEqual([[11, 12, 13], 13]);
  });

  test('is not waited for once it is large', () => {
    const readings = Array.from({ length: 5000 }, (_, index) => reading(index));
    journal = open(2_000_000);
    void append({ readings: readings.slice(1) });
    expect(posted).toEqual([]);
    void append({ readings: readings.slice(0, 1) });
    expect(posted).toMatchObject([{ count: 5000 }]);
  });

  test('goes at once when somebody flushes, and then not again', async () => {
    void append({ readings: [reading(1)] });
    journal.flush();
    await turnOfTheLoop();
    expect(posted).toHaveLength(1);
  });

  test('of two turns is answered turn by turn', async () => {
    const first = append({ readings: [reading(1)] });
    await turnOfTheLoop();
    const second = append({ readings: [reading(2)] });
    await turnOfTheLoop();
    expect(posted.map(({ turn }) => turn)).toEqual([1, 2]);
    commitAll();
    expect([(await first).readingOffsets, (await second).readingOffsets]).toEqual([[11], [12]]);
  });
});

describe('When it is not stored', () => {
  test('every sender of the turn is told to try again, and why', async () => {
    const commits = [append({ readings: [reading(1)] }), append({ readings: [reading(2)] })];
    await turnOfTheLoop();
    journal.settle({ kind: 'not-appended', turn: 1, why: 'database or disk is full' });
    for (const commit of commits)
      await expect(commit).rejects.toMatchObject({
        name: 'TryAgainError',
        code: 'not-stored',
        message: expect.stringContaining('database or disk is full'),
      });
    expect(journal.head()).toBe(10);
  });

  test('an answer to a turn that nobody waits for changes nothing', () => {
    journal.settle({ kind: 'appended', turn: 7, first: 11, head: 99, repeatedRows: [], repeatedEvents: [] });
    expect(journal.head()).toBe(10);
  });
});

describe('What may wait for the disk', () => {
  const large = {
    'a long text': { readings: [reading('x'.repeat(1800))] },
    'the data of an event': { events: [event('log', { data: 'x'.repeat(1800) })] },
    'a quarantined payload': {
      quarantine: [
        {
          source: { edge: 'http', principal: 'p' },
          code: 'c',
          message: '',
          raw: { bytes: new Uint8Array(3700) },
        },
      ],
    },
  } as const;
  for (const [what, batch] of Object.entries(large))
    test(`is bounded in bytes, ${what} counts; there is room again once it is answered`, async () => {
      const taken = append(batch);
      const refused = { name: 'TryAgainError', code: 'overloaded' };
      await expect(append({ readings: [reading(1)] })).rejects.toMatchObject(refused);
      await turnOfTheLoop();
      await expect(append({ readings: [reading(1)] })).rejects.toMatchObject(refused);
      commitAll();
      await taken;
      void append({ readings: [reading(1)] });
      await turnOfTheLoop();
      expect(posted).toHaveLength(1);
    });

  test('keeps a part for what does not give way, which the disk is told apart, too', async () => {
    const long = { readings: [reading('x'.repeat(1700))] };
    await expect(append({ ...long, givesWay: true })).rejects.toMatchObject({ code: 'overloaded' });
    void append(long);
    await turnOfTheLoop();
    expect([asked, posted.length]).toEqual([[true, false], 1]);
  });

  test('is told before what gives way is looked at', async () => {
    const most = { readings: [reading('x'.repeat(500))], givesWay: true };
    void append(most);
    expect(journal.shedding).toBeUndefined();
    await expect(append(most)).rejects.toMatchObject({ code: 'overloaded' });
    void append({ readings: [reading(1)] });
    await expect(append(most)).rejects.toMatchObject({ code: 'overloaded' });
    expect(journal.shedding).toMatchObject({ code: 'overloaded' });
    await turnOfTheLoop();
    commitAll();
    expect(journal.shedding).toBeUndefined();
  });

  test('has room again after a refusal, too', async () => {
    const refused = expect(append(large['a long text'])).rejects.toThrow('disk full');
    await turnOfTheLoop();
    journal.settle({ kind: 'not-appended', turn: 1, why: 'disk full' });
    await refused;
    void append(large['a long text']);
    await turnOfTheLoop();
    expect(posted.at(-1)?.turn).toBe(2);
  });
});

describe('At the end', () => {
  test('what was gathered is sent, and nothing more is taken', async () => {
    const last = append({ readings: [reading(1)] });
    journal.end();
    expect(posted).toHaveLength(1);
    await expect(append({ readings: [reading(2)] })).rejects.toThrow('the hub is stopping');
    commitAll();
    expect((await last).readingOffsets).toEqual([11]);
  });

  test('without a writer nothing is acknowledged: neither what was sent nor what was gathered nor what comes', async () => {
    const sent = append({ readings: [reading(1)] });
    await turnOfTheLoop();
    const gathered = append({ readings: [reading(2)] });
    journal.abandon('out of memory');
    for (const commit of [sent, gathered, append({ readings: [reading(3)] })])
      await expect(commit).rejects.toMatchObject({
        code: 'not-stored',
        message: expect.stringContaining('out of memory'),
      });
    await turnOfTheLoop();
    expect(posted).toHaveLength(1);
  });
});

test('the oldest offset is that of the file, until it is trimmed', () => {
  expect([journal.epoch, journal.tail()]).toEqual(['e1', 3]);
  journal.trimmedTo(8);
  expect(journal.tail()).toBe(8);
});

describe('With a linger', () => {
  const lingerMs = 2000;
  beforeEach(() => {
    journal = open(10_000_000, lingerMs);
  });
  const one = { readings: [reading(1)] };

  test('readings are gathered over turns of the event loop, and sent together when the first has waited so long', async () => {
    const first = append(one);
    await turnOfTheLoop();
    clock.advance(lingerMs - 1);
    const second = append(one);
    await turnOfTheLoop();
    expect(posted).toEqual([]);
    clock.advance(1);
    expect(posted).toMatchObject([{ count: 2 }]);
    commitAll();
    expect([await first, await second]).toMatchObject([{ readingOffsets: [11] }, { readingOffsets: [12] }]);
  });

  test('the next ones wait as long as the first did', () => {
    void append(one);
    clock.advance(lingerMs);
    clock.advance(lingerMs / 2);
    void append(one);
    clock.advance(lingerMs - 1);
    expect(posted).toHaveLength(1);
    clock.advance(1);
    expect(posted).toHaveLength(2);
  });

  for (const [what, batch] of [
    ['an event', { events: [event('boot')] }],
    ['what is urgent', { ...one, isUrgent: true }],
    ['what is taken exactly once', { ...one, exactlyOnce: { clientId: 'c', packetId: 1 } }],
    ['what is large enough', { readings: Array.from({ length: 500 }, (_, index) => reading(index)) }],
    ['what takes much memory', { readings: [reading('x'.repeat(600_000))] }],
  ] as const)
    test(`${what} waits for nothing, and takes along what does`, async () => {
      void append(one);
      void append(batch);
      await turnOfTheLoop();
      expect(posted).toHaveLength(1);
      clock.advance(lingerMs);
      expect(posted).toHaveLength(1);
    });

  test('the end sends what lingers at once', () => {
    void append(one);
    journal.end();
    expect(posted).toMatchObject([{ count: 1 }]);
  });

  test('a hub that is about to stop gathers no more', async () => {
    void append(one);
    journal.stopLingering();
    expect(posted).toHaveLength(1);
    void append(one);
    await turnOfTheLoop();
    expect(posted).toHaveLength(2);
  });

  test('packet ids of a client are let go after what was sent under them', async () => {
    void append(one);
    await journal.release('c');
    expect([posted.length, called]).toEqual([1, ['releasePacket']]);
  });
});
