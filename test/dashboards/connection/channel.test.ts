import { describe, expect, test } from 'vitest';
import type { DashboardToHub, HubToDashboard } from '#contract/events.ts';
import type { ReadingTuple } from '#contract/reading.ts';
import { Channel } from '../../../dashboards/connection/channel.ts';
import { FakeSocket, ManualTiming, settled } from '../support/fake-socket.ts';

function open() {
  const socket = new FakeSocket();
  const timing = new ManualTiming();
  const told: string[] = [];
  const channel = new Channel<DashboardToHub, HubToDashboard>({
    namespace: '/hall',
    socket,
    timing,
    watcher: {
      connected: () => told.push('connected'),
      lost: (reason) => told.push(`lost ${reason}`),
      refused: (code) => told.push(`refused ${code}`),
      caughtUp: () => told.push('caught up'),
    },
  });
  const times: number[] = [];
  const consumer = {
    reset: ({ latest }: { latest: readonly ReadingTuple[] }) =>
      void times.push(...latest.map(([, , at]) => at)),
    readings: (readings: readonly ReadingTuple[]) => void times.push(...readings.map(([, , at]) => at)),
    gap: () => void times.push(-1),
  };
  return { socket, timing, told, channel, times, consumer };
}

const answer = { view: 'v1', epoch: 'e', offset: 10, latest: [] };
const frame = (offset: number, view = 'v1') => ({
  view,
  offset,
  time: 10,
  readings: [['pump', offset - 10, { flow: 1 }]],
});

const happened = (offset: number) => ({
  group: 'hall',
  device: 'pump',
  name: 'x',
  offset,
  time: 0,
  data: null,
});

describe('A channel', () => {
  test('refuses to ask without a link, instead of waiting for one', async () => {
    const { channel } = open();
    await expect(channel.request('devices', {})).rejects.toMatchObject({ code: 'link-offline' });
  });

  test('turns the answer of the hub into a value, and its refusal into an error with its code', async () => {
    const { channel, socket } = open();
    socket.accept();
    const devices = channel.request('devices', {});
    await socket.answer('devices', { devices: [] });
    expect(await devices).toEqual({ ok: true, devices: [] });
    const refused = channel.request('commands', {});
    socket.asked.at(-1)?.answer({ ok: false, error: { code: 'forbidden', message: 'No.' } });
    await expect(refused).rejects.toMatchObject({
      name: 'HubRefusedError',
      code: 'forbidden',
      message: 'No.',
    });
  });

  test('a request that is not answered ends at its deadline', async () => {
    const { channel, socket, timing } = open();
    socket.accept();
    const asked = channel.request('devices', {}, 5000);
    timing.clock.advance(5000);
    await expect(asked).rejects.toMatchObject({ name: 'NoAnswerError', code: 'link-timeout' });
  });

  test('a request that waits when the link is cut ends then: its answer cannot come any more', async () => {
    const { channel, socket } = open();
    socket.accept();
    const asked = channel.request('devices', {});
    socket.cut();
    await expect(asked).rejects.toMatchObject({ name: 'NoAnswerError', code: 'link-offline' });
  });

  test('a request of a connection that is gone asks nothing of the next one, and does not hold it up', async () => {
    const { channel, socket, timing, told, times, consumer } = open();
    channel.subscribe({}, consumer);
    socket.accept();
    const [gone] = socket.asked;
    socket.cut();
    socket.accept();
    await socket.answer('subscribe', answer);
    expect(told.at(-1)).toBe('caught up');
    gone?.answer({ ok: true, ...answer, latest: [['pump', 'flow', 5, 1]] });
    timing.clock.advance(60_000);
    await settled();
    expect(socket.payloads('subscribe')).toHaveLength(2);
    expect(times).toEqual([]);
  });

  test('an answer that the cut overtook does not make a view live', async () => {
    const { channel, socket, consumer } = open();
    const states: string[] = [];
    channel.subscribe({}, { ...consumer, state: (state) => void states.push(state) });
    socket.accept();
    socket.asked.at(-1)?.answer({ ok: true, ...answer });
    socket.cut();
    await settled();
    expect(states).toEqual([]);
    socket.accept();
    await socket.answer('subscribe', answer);
    expect(states).toEqual(['live']);
  });

  test('a fresh start that falls due without a link keeps the place for the next connection', async () => {
    const { channel, socket, timing, consumer } = open();
    socket.accept();
    channel.subscribe({ history: () => ({ start: 5 }) }, consumer);
    await socket.answer('subscribe', answer);
    const gap = { view: 'v1', reason: 'slow-consumer', latest: [] };
    socket.say('gap', { ...gap, offset: 90 });
    await socket.answer('subscribe', { ...answer, offset: 90, history: [] });
    socket.say('gap', { ...gap, offset: 95 });
    socket.cut();
    timing.clock.advance(20_000);
    socket.accept();
    expect(socket.payloads('subscribe').slice(2)).toEqual([
      { from: { epoch: 'e', offset: 95 }, history: { start: 5 } },
    ]);
  });

  test('tells events in order over a cut: those missed come before those that are live again', async () => {
    const { channel, socket, consumer } = open();
    const heard: number[] = [];
    channel.on('event', ({ offset }) => heard.push(offset));
    channel.subscribe({ devices: ['pump'] }, consumer);
    channel.subscribe({ devices: ['fan'] }, consumer);
    socket.accept();
    for (const asked of socket.asked) asked.answer({ ok: true, ...answer });
    await settled();
    socket.say('event', happened(11));
    socket.cut();
    socket.accept();
    socket.say('event', happened(14));
    const [first, second] = socket.asked.slice(2);
    first?.answer({ ok: true, ...answer, offset: 14, events: [happened(11), happened(13), happened(14)] });
    await settled();
    expect(heard).toEqual([11]);
    second?.answer({ ok: true, ...answer, offset: 14, events: [happened(12)] });
    await settled();
    expect(heard).toEqual([11, 12, 13, 14]);
  });

  test('sends every subscription again after a reconnection, from where it was', async () => {
    const { channel, socket, times, consumer, told } = open();
    channel.subscribe({ devices: ['pump'] }, consumer);
    socket.accept();
    await socket.answer('subscribe', answer);
    socket.say('readings', frame(11));
    socket.cut();
    socket.accept();
    expect(socket.payloads('subscribe').at(-1)).toEqual({
      devices: ['pump'],
      from: { epoch: 'e', offset: 11 },
    });
    await socket.answer('subscribe', {
      ...answer,
      view: 'v2',
      offset: 13,
      missed: [
        ['pump', 'flow', 12, 1],
        ['pump', 'flow', 13, 1],
      ],
    });
    socket.say('readings', frame(14, 'v2'));
    expect(times).toEqual([11, 12, 13, 14]);
    expect(told).toEqual(['connected', 'caught up', 'lost transport close', 'connected', 'caught up']);
  });

  test('keeps frames that come before the answer which names their view', async () => {
    const { channel, socket, times, consumer } = open();
    socket.accept();
    channel.subscribe({}, consumer);
    socket.say('readings', frame(11));
    await socket.answer('subscribe', answer);
    expect(times).toEqual([11]);
  });

  test('after a gap it asks afresh, with history', async () => {
    const { channel, socket, times, consumer } = open();
    socket.accept();
    channel.subscribe({ history: () => ({ start: 5, maxPoints: 9 }) }, consumer);
    await socket.answer('subscribe', answer);
    socket.say('gap', { view: 'v1', reason: 'slow-consumer', latest: [], offset: 90 });
    await settled();
    expect(times).toEqual([-1]);
    expect(socket.payloads('subscribe').at(-1)).toEqual({ history: { start: 5, maxPoints: 9 } });
  });

  test('a refused subscription is asked again after the time the hub names', async () => {
    const { channel, socket, timing, consumer } = open();
    socket.accept();
    channel.subscribe({}, consumer);
    socket.asked
      .at(-1)
      ?.answer({ ok: false, error: { code: 'overloaded', message: 'Later.', retryAfterMs: 700 } });
    await settled();
    timing.clock.advance(699);
    expect(socket.payloads('subscribe')).toHaveLength(1);
    timing.clock.advance(1);
    expect(socket.payloads('subscribe')).toHaveLength(2);
  });

  test('an ended subscription leaves its view, unless another still shows it', async () => {
    const { channel, socket, consumer } = open();
    socket.accept();
    const endFirst = channel.subscribe({}, consumer);
    await socket.answer('subscribe', answer);
    const endSecond = channel.subscribe({}, consumer);
    await socket.answer('subscribe', answer);
    endFirst();
    expect(socket.payloads('unsubscribe')).toEqual([]);
    endSecond();
    expect(socket.payloads('unsubscribe')).toEqual([{ view: 'v1' }]);
  });

  test('takes no view from an equal subscription that is still being asked', async () => {
    const { channel, socket, consumer, times } = open();
    socket.accept();
    const endFirst = channel.subscribe({}, consumer);
    await socket.answer('subscribe', answer);
    channel.subscribe({}, consumer);
    endFirst();
    expect(socket.payloads('unsubscribe')).toEqual([]);
    await socket.answer('subscribe', answer);
    socket.say('readings', frame(12));
    expect(socket.payloads('unsubscribe')).toEqual([]);
    expect(times).toEqual([12]);
  });

  test('leaves a view once it is known that nothing that was asked is the same', async () => {
    const { channel, socket, consumer } = open();
    socket.accept();
    const endFirst = channel.subscribe({}, consumer);
    await socket.answer('subscribe', answer);
    channel.subscribe({ devices: ['fan'] }, consumer);
    endFirst();
    await socket.answer('subscribe', { ...answer, view: 'v2' });
    expect(socket.payloads('unsubscribe')).toEqual([{ view: 'v1' }]);
  });

  test('a CONNECT_ERROR with a code is a refusal; one without is only a failed attempt', () => {
    const { socket, told } = open();
    socket.say('connect_error', Object.assign(new Error('x'), { data: { code: 'session-expired' } }));
    socket.say('connect_error', new Error('websocket error'));
    socket.say('connect_error', new Error('Invalid namespace'));
    expect(told).toEqual(['refused session-expired', 'lost websocket error', 'refused unknown-namespace']);
  });
});
