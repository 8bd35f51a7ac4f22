import { describe, expect, test } from 'vitest';
import type { Namespace, Socket } from '#socketio';
import { LivePlane } from '../../../hub/live/live-plane.ts';
import { FairTurns } from '../../../hub/namespaces/fair-turns.ts';
import { FrameRooms } from '../../../hub/namespaces/frames.ts';
import { committed, epoch, nextTurn, reading } from '../../support/commits.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeJournal } from '../live/fake-journal.ts';
import { asSeen, FakeSocket } from './fake-socket.ts';

/** A frame, and who got it. */
interface Shared {
  readonly event: string;
  readonly offset: number;
  readonly to: string[];
}

function setup() {
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const journal = new FakeJournal();
  const live = new LivePlane({ journal, clock, log: silentLog, counters, nextTurn });
  const shared: Shared[] = [];
  const share = (event: string, payload: unknown): object => {
    const frame = { event, offset: (asSeen(payload) as { offset: number }).offset, to: [] as string[] };
    shared.push(frame);
    return {
      writeTo(socket: Socket) {
        frame.to.push(socket.id);
        socket.emit(event, payload);
      },
    };
  };
  const namespace = { share } as unknown as Namespace;
  const frames = new FrameRooms({
    live,
    turns: new FairTurns(clock),
    clock,
    counters,
    namespaceOf: () => namespace,
  });
  let offset = 0;
  const commit = (device = 'lamp'): void => {
    const row = reading((offset += 1), { device });
    journal.rows.push(row);
    live.publish(committed({ readings: [row] }));
    clock.advance(100);
  };
  const join = async (id: string, spec: object = {}): Promise<FakeSocket> => {
    const fake = new FakeSocket(id);
    frames.admit(fake.socket, 'home');
    await frames.subscribe(fake.socket, spec, undefined, () => undefined);
    return fake;
  };
  return { clock, counters, live, shared, frames, commit, join };
}

describe('Frames', () => {
  test('are made once for the whole room, and every member gets them', async () => {
    const { shared, commit, join } = setup();
    const [first, second] = [await join('a'), await join('b')];
    commit();
    expect(shared).toEqual([{ event: 'readings', offset: 1, to: ['a', 'b'] }]);
    expect(first.sent).toMatchObject([['readings', { offset: 1 }]]);
    expect(first.rooms.size).toBe(1);
    expect(second.rooms).toEqual(first.rooms);
  });

  test('a slow member is left out, and only that one', async () => {
    const { counters, shared, commit, join } = setup();
    const slow = await join('slow');
    await join('quick');
    slow.bufferedBytes = 100_000;
    commit();
    expect(shared.map(({ to }) => to)).toEqual([['quick']]);
    expect(counters.counts.get('socketio/frame-skipped')).toBe(1);
  });
});

describe('Catching up', () => {
  test('once little is left: a gap with the newest values, then frames again', async () => {
    const { clock, shared, commit, join } = setup();
    const slow = await join('slow');
    await join('quick');
    slow.bufferedBytes = 100_000;
    commit();
    commit();
    slow.bufferedBytes = 20_000;
    clock.advance(100);
    expect(slow.sent).toEqual([]);
    slow.bufferedBytes = 0;
    clock.advance(100);
    expect(slow.sent).toEqual([
      [
        'gap',
        {
          view: expect.any(String),
          reason: 'slow-consumer',
          offset: 2,
          latest: [['lamp', 'power', 2000, 2]],
        },
      ],
    ]);
    commit();
    expect(shared.at(-1)).toMatchObject({ offset: 3, to: ['slow', 'quick'] });
  });

  test('holds only what has changed since its last frame', async () => {
    const { clock, commit, join } = setup();
    const slow = await join('slow');
    commit('lamp');
    commit('meter');
    slow.bufferedBytes = 100_000;
    commit('meter');
    slow.bufferedBytes = 0;
    clock.advance(100);
    expect(slow.sent.map(([event]) => event)).toEqual(['readings', 'readings', 'gap']);
    expect(slow.sent.at(-1)).toMatchObject(['gap', { offset: 3, latest: [['meter', 'power', 3000, 3]] }]);
  });

  test('stops when the member goes: no timer is left', async () => {
    const { clock, commit, join } = setup();
    const slow = await join('slow');
    slow.bufferedBytes = 100_000;
    commit();
    slow.disconnect(true);
    slow.bufferedBytes = 0;
    clock.advance(1000);
    expect(slow.sent).toEqual([]);
  });

  test('one view after the other, as the client takes them', async () => {
    const { clock, frames, commit, join } = setup();
    const slow = await join('slow', { maxHz: 10 });
    await frames.subscribe(slow.socket, { maxHz: 20 }, undefined, () => undefined);
    slow.bufferedBytes = 100_000;
    commit();
    slow.bufferedBytes = 0;
    slow.emit = (event, ...args) => {
      slow.sent.push([event, ...args]);
      slow.bufferedBytes = 100_000;
      return true;
    };
    clock.advance(100);
    expect(slow.sent.length).toBe(1);
    slow.bufferedBytes = 0;
    clock.advance(100);
    expect(slow.sent.length).toBe(2);
  });
});

describe('Membership', () => {
  test('ends with unsubscribe and with the socket; the last one ends the view', async () => {
    const { live, shared, frames, commit, join } = setup();
    const [first, second] = [await join('a'), await join('b')];
    commit();
    const view = [...first.rooms][0]?.slice('view:'.length) ?? '';
    expect(frames.unsubscribe(first.socket, view)).toBe(true);
    expect(frames.unsubscribe(first.socket, view)).toBe(false);
    expect(live.snapshot('home', view).latest.length).toBe(1);
    second.disconnect(true);
    expect(live.snapshot('home', view).latest).toEqual([]);
    commit();
    expect(shared.length).toBe(1);
  });

  test('of who left while the view was opened is none', async () => {
    const { live, frames } = setup();
    const fake = new FakeSocket('gone');
    frames.admit(fake.socket, 'home');
    let told = false;
    const from = { epoch, offset: 0 };
    const opening = frames.subscribe(fake.socket, { from }, undefined, () => (told = true));
    fake.disconnect(true);
    await opening;
    expect([told, fake.rooms.size]).toEqual([false, 0]);
    const { view } = await live.open('home', {}, undefined, undefined);
    live.release('home', view);
    expect(live.snapshot('home', view).latest).toEqual([]);
  });

  test('is for sockets that were admitted', async () => {
    const { frames } = setup();
    await expect(
      frames.subscribe(new FakeSocket().socket, {}, undefined, () => undefined),
    ).rejects.toMatchObject({ code: 'not-a-dashboard' });
  });
});
