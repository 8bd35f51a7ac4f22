import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { Socket } from 'socket.io-client';
import { ask, collect, EdgeUnderTest, next } from './edge-under-test.ts';

let edge: EdgeUnderTest;
let dashboard: Socket;
beforeEach(async () => {
  edge = await EdgeUnderTest.start();
  await edge.commit('lamp', 'power', 1);
  dashboard = await connectAs('ops', 'operator');
});
afterEach(() => edge.close());

function connectAs(name: string, role: 'viewer' | 'operator'): Promise<Socket> {
  return edge.connect('/home', { token: edge.access.give(name, { role, groups: ['home'] }) });
}

interface Frame {
  readonly view: string;
  readonly offset: number;
  readonly readings: readonly (readonly unknown[])[];
}

function idsOf({ devices }: Record<string, unknown>): string[] {
  return (devices as readonly { device: string }[]).map(({ device }) => device);
}

describe('Devices', () => {
  test('come in pages, in the order of their ids; without a limit all at once', async () => {
    for (const device of ['fan', 'door']) await edge.commit(device, 'power', 1);
    const first = await ask(dashboard, 'devices', { limit: 2 });
    expect([idsOf(first), first['next']]).toEqual([['door', 'fan'], 'fan']);
    const second = await ask(dashboard, 'devices', { limit: 2, after: 'fan' });
    expect([idsOf(second), second['next']]).toEqual([['lamp'], undefined]);
    expect(idsOf(await ask(dashboard, 'devices', {}))).toHaveLength(3);
    expect(await ask(dashboard, 'devices', { limit: 0 })).toMatchObject({ ok: false });
  });
});

describe('Views', () => {
  test('the answer comes first, with the newest values; then frames, one for all who look at the same', async () => {
    const other = await connectAs('viewer', 'viewer');
    const heard: string[] = [];
    dashboard.onAny((event: string) => heard.push(event));
    const answer = await ask(dashboard, 'subscribe', { devices: ['lamp'] });
    heard.push('answered');
    expect(answer).toMatchObject({
      ok: true,
      epoch: 'epoch-1',
      offset: 1,
      latest: [['lamp', 'power', 1_780_000_000_000, 1]],
    });
    expect((await ask(other, 'subscribe', { devices: ['lamp', 'lamp'] })).view).toBe(answer.view);
    const frames = [next<Frame>(dashboard, 'readings'), next<Frame>(other, 'readings')];
    await edge.commit('lamp', 'power', 2);
    const time = 1_780_000_000_000;
    const frame = { view: answer.view, offset: 2, time, readings: [['lamp', 0, { power: 2 }]] };
    expect(await Promise.all(frames)).toEqual([frame, frame]);
    expect(heard.slice(0, 2)).toEqual(['answered', 'readings']);
  });

  test('nobody gets frames of a view that is not theirs, or not any more', async () => {
    const other = await connectAs('viewer', 'viewer');
    const { view } = await ask(dashboard, 'subscribe', { devices: ['lamp'] });
    await ask(other, 'subscribe', { devices: ['fan'] });
    const frames = [collect(dashboard, 'readings'), collect(other, 'readings')];
    expect(await ask(dashboard, 'unsubscribe', { view })).toEqual({ ok: true });
    await edge.commit('lamp', 'power', 2);
    await ask(other, 'devices', {});
    await ask(dashboard, 'devices', {});
    expect(frames).toEqual([[], []]);
    expect(await ask(dashboard, 'unsubscribe', { view })).toMatchObject({ error: { code: 'no-such-view' } });
  });

  test('subscribing twice is one membership', async () => {
    const { view } = await ask(dashboard, 'subscribe', {});
    await ask(dashboard, 'subscribe', {});
    await ask(dashboard, 'unsubscribe', { view });
    expect(edge.live.snapshot('home', view as string).latest).toEqual([]);
  });

  test('a view ends with its last member, also when that one just goes', async () => {
    const { view } = await ask(dashboard, 'subscribe', {});
    expect(edge.live.snapshot('home', view as string).latest.length).toBe(1);
    const gone = new Promise<void>((resolve) =>
      edge.io._nsps
        .get('/home')
        ?.sockets.get(dashboard.id ?? '')
        ?.on('disconnect', () => resolve()),
    );
    dashboard.disconnect();
    await gone;
    expect(edge.live.snapshot('home', view as string).latest).toEqual([]);
  });

  test('are bounded per socket', async () => {
    const answers = await Promise.all(
      Array.from({ length: limits.viewsPerConnection + 1 }, (_, index) =>
        ask(dashboard, 'subscribe', { devices: [`d${index}`] }),
      ),
    );
    expect(answers.filter(({ ok }) => ok).length).toBe(limits.viewsPerConnection);
    expect(answers.at(-1)).toMatchObject({ ok: false, error: { code: 'too-many-views' } });
    // One that is open already is none more: so one reads what one missed.
    const [open] = answers;
    const from = { epoch: open?.['epoch'], offset: open?.['offset'] };
    const again = await ask(dashboard, 'subscribe', { devices: ['d0'], from });
    expect(again).toMatchObject({ ok: true, view: open?.['view'], missed: [] });
    expect(await ask(dashboard, 'subscribe', { devices: ['d0'], maxHz: 1 })).toMatchObject({ ok: false });
  });

  test('coming back brings what was missed, or a gap', async () => {
    const { epoch, offset } = await ask(dashboard, 'subscribe', {});
    dashboard.disconnect();
    await edge.commit('lamp', 'power', 2);
    await edge.commit('lamp', 'power', 3);
    const again = await connectAs('ops', 'operator');
    expect(await ask(again, 'subscribe', { from: { epoch, offset } })).toMatchObject({
      missed: [
        ['lamp', 'power', 1_780_000_000_000, 2],
        ['lamp', 'power', 1_780_000_000_000, 3],
      ],
    });
    const lost = await ask(again, 'subscribe', { from: { epoch: 'before', offset } });
    expect([lost.gap, lost.missed]).toEqual(['epoch-changed', undefined]);
  });

  const wrong = [
    { devices: 'lamp' },
    { mode: 'all' },
    { maxHz: 1000 },
    { from: { offset: 1 } },
    { other: 1 },
  ];
  for (const request of wrong)
    test(`${JSON.stringify(request)} is no view`, async () => {
      expect(await ask(dashboard, 'subscribe', request)).toMatchObject({
        error: { code: 'invalid-request' },
      });
    });
});

describe('A view with history', () => {
  test('history, what was missed and the frames follow each other without a hole', async () => {
    edge.history.answer = {
      series: [
        { device: 'lamp', metric: 'power', points: [[1, 1]] },
        { device: 'lamp', metric: 'foreign', points: [] },
      ],
      truncated: false,
    };
    edge.history.meanwhile = () => edge.commit('lamp', 'power', 2);
    const frame = next<Frame>(dashboard, 'readings');
    const answer = await ask(dashboard, 'subscribe', { history: { start: 0, maxPoints: 10 } });
    await edge.commit('lamp', 'power', 3);
    edge.clock.advance(100);
    expect(answer).toMatchObject({
      ok: true,
      offset: 2,
      history: [{ device: 'lamp', metric: 'power', points: [[1, 1]] }],
      missed: [['lamp', 'power', 1_780_000_000_000, 2]],
    });
    expect(await frame).toMatchObject({ offset: 3, readings: [['lamp', 0, { power: 3 }]] });
    expect(edge.history.queries).toEqual([
      { devices: ['lamp'], metrics: ['power'], start: 0, end: 1_780_000_000_001, maxPoints: 10 },
    ]);
  });

  test('of nothing asks for nothing', async () => {
    const answer = await ask(dashboard, 'subscribe', { devices: ['fan'], history: { start: 0 } });
    expect(answer).toMatchObject({ ok: true, history: [], latest: [] });
    expect(edge.history.queries).toEqual([]);
  });

  test('of too many devices is refused, and leaves no view', async () => {
    for (let index = 0; index <= limits.historySeries; index += 1) await edge.commit(`d${index}`, 'power', 1);
    expect(await ask(dashboard, 'subscribe', { history: { start: 0 } })).toMatchObject({
      error: { code: 'too-many-series' },
    });
  });
});

describe('Questions', () => {
  test('devices of the group', async () => {
    await edge.commit('pump', 'power', 1, 'farm');
    const answer = await ask(dashboard, 'devices');
    expect(answer).toMatchObject({ ok: true, devices: [{ group: 'home', device: 'lamp' }] });
  });

  test('the last values at a time', async () => {
    edge.history.last = { series: [{ device: 'lamp', metric: 'power', point: [1, 2] }] };
    expect(await ask(dashboard, 'last', { devices: ['lamp'], at: 5 })).toEqual({
      ok: true,
      ...edge.history.last,
    });
    expect(await ask(dashboard, 'last', {})).toMatchObject({ error: { code: 'invalid-request' } });
  });

  test('history of the group', async () => {
    edge.history.answer = { series: [], truncated: true };
    const query = { devices: ['lamp'], start: 0 };
    expect(await ask(dashboard, 'history', query)).toEqual({ ok: true, series: [], truncated: true });
    expect(await ask(dashboard, 'history', {})).toMatchObject({ error: { code: 'invalid-request' } });
  });

  test('what the hub does not know is said, and counted', async () => {
    expect(await ask(dashboard, 'drop-table', {})).toMatchObject({ error: { code: 'unknown-event' } });
    dashboard.emit('__proto__', {});
    await ask(dashboard, 'constructor', {});
    expect(edge.counters.counts.get('socketio/unknown-event')).toBe(3);
  });
});

describe('Commands', () => {
  test('are answered with their final state', async () => {
    const lamp = await edge.connect('/home', {
      token: edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' }),
    });
    const received = next<object>(lamp, 'command');
    lamp.on('command', (_command, ack: (answer: object) => void) => ack({ ok: true, result: { on: true } }));
    const request = { id: 'c1', device: 'lamp', name: 'relay', args: { value: true }, ttlMs: 5000 };
    expect(await ask(dashboard, 'command', request)).toMatchObject({
      ok: true,
      command: { id: 'c1', state: 'succeeded', requestedBy: 'ops', result: { on: true } },
    });
    expect(await received).toMatchObject({ id: 'c1', device: 'lamp', name: 'relay', args: { value: true } });
    await ask(dashboard, 'command', { ...request, id: 'c2' });
    const first = await ask(dashboard, 'commands', { device: 'lamp', limit: 1 });
    expect(first).toMatchObject({ commands: [{ id: 'c2' }], next: 'c2' });
    const rest = await ask(dashboard, 'commands', { device: 'lamp', limit: 1, after: 'c2' });
    expect(rest).toEqual({ ok: true, commands: [expect.objectContaining({ id: 'c1', state: 'succeeded' })] });
  });

  test('to a device that is away fail; to one that is not, there is none', async () => {
    expect(await ask(dashboard, 'command', { device: 'lamp', name: 'relay' })).toMatchObject({
      ok: true,
      command: { state: 'failed', error: { code: 'offline' } },
    });
    expect(await ask(dashboard, 'command', { device: 'nobody', name: 'relay' })).toMatchObject({
      ok: false,
      error: { code: 'no-such-device' },
    });
  });

  test('are not for viewers', async () => {
    const viewer = await connectAs('viewer', 'viewer');
    expect(await ask(viewer, 'command', { device: 'lamp', name: 'relay' })).toMatchObject({
      error: { code: 'forbidden' },
    });
    expect(await ask(viewer, 'telemetry', { power: 1 })).toMatchObject({ error: { code: 'forbidden' } });
  });
});

describe('Traces', () => {
  const note = {
    source: { edge: 'mqtt', principal: 'p', topic: 't' },
    receivedAtUs: 5000,
    readings: [{ group: 'home', device: 'lamp', metric: 'power', value: 1 }],
    events: [],
    others: [],
    problems: [],
    rejected: [],
    outcome: 'taken',
  } as const;

  test('operators see what became of the messages of a device of their group; viewers do not', async () => {
    edge.traces.note(note);
    expect(await ask(dashboard, 'trace', { device: 'lamp' })).toMatchObject({
      ok: true,
      items: [{ at: 5, outcome: 'taken', values: [{ metric: 'power' }] }],
    });
    expect(await ask(dashboard, 'trace', { device: 'fan' })).toEqual({ ok: true, items: [] });
    const viewer = await connectAs('viewer', 'viewer');
    expect(await ask(viewer, 'trace', { device: 'lamp' })).toMatchObject({ error: { code: 'forbidden' } });
  });
});
