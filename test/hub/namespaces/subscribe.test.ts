import { describe, expect, test } from 'vitest';
import { LivePlane } from '../../../hub/live/live-plane.ts';
import { FairTurns } from '../../../hub/namespaces/fair-turns.ts';
import { FrameRooms } from '../../../hub/namespaces/frames.ts';
import { subscribeWithHistory } from '../../../hub/namespaces/subscribe.ts';
import { committed, epoch, nextTurn, reading } from '../../support/commits.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeJournal } from '../live/fake-journal.ts';
import { FakeHistory } from './fake-core.ts';
import { callerOf, FakeSocket } from './fake-socket.ts';

function setup() {
  const clock = new ManualClock(5_000_000);
  const counters = new CountersProbe();
  const journal = new FakeJournal();
  const live = new LivePlane({ journal, clock, log: silentLog, counters, nextTurn });
  const frames = new FrameRooms({
    live,
    turns: new FairTurns(clock),
    clock,
    counters,
    namespaceOf: () => undefined,
  });
  const history = new FakeHistory();
  const fake = new FakeSocket();
  frames.admit(fake.socket, 'home');
  const commit = (offset: number, fields: Parameters<typeof reading>[1] = {}): void => {
    const row = reading(offset, fields);
    journal.rows.push(row);
    live.publish(committed({ readings: [row] }));
  };
  const subscribe = async (request: object = {}): Promise<unknown> => {
    let answer: unknown;
    await subscribeWithHistory(
      { live, history, clock, frames },
      callerOf({ socket: fake.socket }),
      { history: { start: 0 }, ...request },
      (told) => (answer = told),
    );
    return answer;
  };
  return { live, history, commit, subscribe };
}

describe('A subscription with history', () => {
  test('asks for what the view covers, up to now or to the clock of a device that is ahead', async () => {
    const { history, commit, subscribe } = setup();
    commit(1);
    commit(2, { metric: 'voltage' });
    commit(3, { device: 'fan' });
    await subscribe({ devices: ['lamp'] });
    commit(4, { timeUs: 9_000_000_000 });
    await subscribe({ devices: ['lamp'] });
    expect(history.queries).toEqual([
      { devices: ['lamp'], metrics: ['power', 'voltage'], start: 0, end: 5_000_001 },
      { devices: ['lamp'], metrics: ['power', 'voltage'], start: 0, end: 9_000_001 },
    ]);
  });

  test('tells what was committed while history was read; with `from`, all since then', async () => {
    const { history, commit, subscribe } = setup();
    commit(1);
    commit(2);
    let offset = 2;
    history.meanwhile = async () => commit((offset += 1));
    expect(await subscribe()).toMatchObject({ offset: 3, missed: [['lamp', 'power', 3000, 3]] });
    const answer = (await subscribe({ from: { epoch, offset: 1 } })) as { missed: unknown[] };
    expect(answer.missed.length).toBe(3);
  });

  test('tells nothing twice that history says it holds, and all that it cannot hold', async () => {
    const { history, commit, subscribe } = setup();
    commit(1);
    history.answer = { series: [], truncated: false, offset: 5 };
    history.meanwhile = async () => {
      commit(2);
      commit(3, { metric: 'fresh' });
      commit(4, { timeUs: 9_000_000_000 });
      commit(6);
    };
    const { missed } = (await subscribe({ from: { epoch, offset: 0 } })) as {
      missed: [string, string, number][];
    };
    expect(missed.map(([, metric, timeMs]) => [metric, timeMs])).toEqual([
      ['fresh', 3000],
      ['power', 9_000_000],
      ['power', 6000],
    ]);
  });

  test('of which only the oldest part could be given is refused: it would leave a hole before live', async () => {
    const { history, commit, subscribe } = setup();
    commit(1);
    history.answer = { series: [], truncated: true };
    await expect(subscribe()).rejects.toMatchObject({ code: 'too-many-points' });
  });

  test('that fails leaves no view behind', async () => {
    const { live, history, commit, subscribe } = setup();
    commit(1);
    history.meanwhile = () => Promise.reject(new Error('too much'));
    await expect(subscribe()).rejects.toThrow('too much');
    const { view } = await live.open('home', {}, undefined, undefined);
    live.release('home', view);
    expect(live.snapshot('home', view).latest).toEqual([]);
  });
});
