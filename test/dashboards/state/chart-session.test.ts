import { describe, expect, test } from 'vitest';
import type { DashboardToHub, HubToDashboard } from '#contract/events.ts';
import { Channel } from '../../../dashboards/connection/channel.ts';
import { ChartSession } from '../../../dashboards/state/chart-session.ts';
import { FakeSocket, ManualTiming, settled } from '../support/fake-socket.ts';

function open(parts: { readonly seriesCount?: () => number } = {}) {
  const socket = new FakeSocket();
  const timing = new ManualTiming();
  const watcher = { connected() {}, lost() {}, refused() {}, caughtUp() {} };
  const channel = new Channel<DashboardToHub, HubToDashboard>({
    namespace: '/hall',
    socket,
    timing,
    watcher,
  });
  socket.accept();
  const session = new ChartSession({ channel, device: 'pump', timing, onLatest: () => undefined, ...parts });
  return { socket, timing, session };
}

async function refuse(socket: FakeSocket, event: string, code: string): Promise<void> {
  socket.asked
    .findLast((one) => one.event === event)
    ?.answer({ ok: false, error: { code, message: 'Too much.' } });
  await settled();
}

const now = Date.parse('2026-06-01T12:00:00Z');
const answerWith = (times: readonly number[]) => ({
  view: 'v1',
  epoch: 'e',
  offset: 10,
  latest: [],
  history: [{ device: 'pump', metric: 'flow', buckets: times.map((at) => [at, 1, 3, 2, 4, 2]) }],
});

describe('The charts of a device', () => {
  test('ask for the range they show together with the live view', () => {
    const { socket } = open();
    expect(socket.payloads('subscribe')).toEqual([
      { devices: ['pump'], mode: 'raw', maxHz: 10, history: { start: now - 3_600_000, maxPoints: 720 } },
    ]);
  });

  test('continue history with live readings in one series', async () => {
    const { socket, session } = open();
    await socket.answer('subscribe', answerWith([now - 10_000, now - 5000]));
    expect([session.state.value, session.series.value]).toEqual(['ready', ['pump/flow?']]);
    const before = session.changes;
    socket.say('readings', { view: 'v1', offset: 11, time: now, readings: [['pump', 0, { flow: 9 }]] });
    expect(session.find('pump/flow?')?.ring.length).toBe(3);
    expect(session.changes).toBeGreaterThan(before);
  });

  test('after a gap the visible range is fetched again, and what was held is replaced', async () => {
    const { socket, session } = open();
    await socket.answer('subscribe', answerWith([now - 20_000]));
    socket.say('gap', { view: 'v1', reason: 'too-far-behind', latest: [], offset: 99 });
    await settled();
    await socket.answer('subscribe', answerWith([now - 10_000, now - 5000]));
    expect(session.find('pump/flow?')?.ring.length).toBe(2);
  });

  test('looking at the past asks for that stretch once, when the wheel rests', async () => {
    const { socket, session, timing } = open();
    await socket.answer('subscribe', answerWith([now]));
    session.pan(-1_000_000);
    session.pan(-800_000);
    timing.clock.advance(200);
    expect(socket.payloads('history')).toHaveLength(1);
    expect(socket.payloads('history')[0]).toMatchObject({ devices: ['pump'], maxPoints: 720 });
    await socket.answer('history', {
      series: [
        {
          device: 'pump',
          metric: 'flow',
          points: [
            [1, 1],
            [2, 2],
            [3, 3],
          ],
        },
      ],
      truncated: false,
    });
    expect(session.find('pump/flow?')?.ring.length).toBe(3);
    session.returnToLive();
    expect(session.find('pump/flow?')?.ring.length).toBe(1);
  });

  test('a device of many series asks for as many points of each as fit into one answer', () => {
    const { socket } = open({ seriesCount: () => 100 });
    expect(socket.payloads('subscribe')).toMatchObject([{ history: { maxPoints: 450 } }]);
  });

  test('where there are more series than anybody knew, fewer points are asked for', async () => {
    const { socket, session, timing } = open();
    await refuse(socket, 'subscribe', 'too-many-buckets');
    timing.clock.advance(2000);
    expect(socket.payloads('subscribe').at(-1)).toMatchObject({ history: { maxPoints: 360 } });
    await socket.answer('subscribe', answerWith([now]));
    expect(session.state.value).toBe('ready');
  });

  test('where the hub gives no history of so many series, what comes live is shown, and why there is no more', async () => {
    const { socket, session, timing } = open();
    await refuse(socket, 'subscribe', 'too-many-series');
    expect([session.state.value, session.failure.value.message]).toEqual(['failed', 'Too much.']);
    timing.clock.advance(2000);
    expect(socket.payloads('subscribe').at(-1)).toEqual({ devices: ['pump'], mode: 'raw', maxHz: 10 });
    await socket.answer('subscribe', { view: 'v1', epoch: 'e', offset: 10, latest: [] });
    await refuse(socket, 'history', 'too-many-series');
    socket.say('readings', { view: 'v1', offset: 11, time: now, readings: [['pump', 0, { flow: 9 }]] });
    expect([session.state.value, session.series.value]).toEqual(['failed', ['pump/flow?']]);
  });

  test('a hub that cannot give history is told as it is', async () => {
    const { socket, session } = open();
    await socket.answer('subscribe', { view: 'v1', epoch: 'e', offset: 1, latest: [] });
    await refuse(socket, 'history', 'x');
    expect([session.state.value, session.failure.value.message]).toEqual(['failed', 'Too much.']);
  });
});
