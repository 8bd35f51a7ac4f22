import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RejectedDeliveryError, TryAgainError } from '#contract/errors.ts';
import type { Socket } from 'socket.io-client';
import { ask, EdgeUnderTest } from './edge-under-test.ts';

let edge: EdgeUnderTest;
beforeEach(async () => {
  edge = await EdgeUnderTest.start();
});
afterEach(() => edge.close());

function lamp(): Promise<Socket> {
  const token = edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' });
  return edge.connect('/home', { token });
}

function gateway(auth: object = {}): Promise<Socket> {
  const token = edge.access.give('gateway', { role: 'gateway', groups: ['home'] });
  return edge.connect('/home', { token, ...auth });
}

describe('Telemetry', () => {
  test('is acknowledged with its receipt when it is durable', async () => {
    const device = await lamp();
    expect(await ask(device, 'telemetry', { power: 5, on: true })).toEqual({
      ok: true,
      offset: 2,
      accepted: 2,
      rejected: [],
    });
    expect(edge.ingest.deliveries[0]).toMatchObject({
      source: { edge: 'socketio', principal: 'lamp', address: '127.0.0.1' },
      readings: [
        { group: 'home', device: 'lamp', metric: 'power', value: 5 },
        { group: 'home', device: 'lamp', metric: 'on', value: true },
      ],
    });
  });

  test('for whose acknowledgement nobody waits gives way to the rest, and so does an event', async () => {
    const device = await lamp();
    device.emit('telemetry', { power: 5 });
    device.emit('event', { name: 'pressed' });
    await ask(device, 'telemetry', { power: 6 });
    await ask(device, 'event', { name: 'pressed' });
    expect(edge.ingest.deliveries.map(({ givesWay }) => givesWay)).toEqual([true, true, false, false]);
  });

  test('carries its own time and id', async () => {
    await ask(await lamp(), 'telemetry', { ts: 1_780_000_000_000, id: 'r1', values: { power: 5 } });
    expect(edge.ingest.deliveries[0]?.readings[0]).toMatchObject({ timeUs: 1_780_000_000_000_000, id: 'r1' });
  });

  test('of a device is its own, whatever name the payload has', async () => {
    await ask(await lamp(), 'telemetry', { device: 'fan', power: 5 });
    expect(edge.ingest.deliveries[0]?.readings[0]?.device).toBe('lamp');
  });

  test('of several devices is refused for all but the own one, and kept', async () => {
    const answer = await ask(await lamp(), 'telemetry', [
      { device: 'lamp', power: 1 },
      { device: 'fan', power: 2 },
    ]);
    expect(answer).toMatchObject({ ok: true, accepted: 1, rejected: [{ code: 'device-not-granted' }] });
    expect(edge.ingest.quarantined.map(({ code }) => code)).toEqual(['device-not-granted']);
  });

  test('that is none is refused, and kept as it came', async () => {
    const answer = await ask(await lamp(), 'telemetry', 'no telemetry');
    expect(answer).toMatchObject({ ok: false, error: { code: 'not-telemetry' } });
    const [item] = edge.ingest.quarantined;
    expect(Buffer.from(item?.raw.bytes ?? []).toString()).toBe('"no telemetry"');
    expect(edge.ingest.deliveries).toEqual([]);
  });

  test('that ingest refuses for good is told so', async () => {
    edge.ingest.failing = new RejectedDeliveryError('too-old', 'Older than retention.');
    const answer = await ask(await lamp(), 'telemetry', { power: 5 });
    expect(answer).toEqual({ ok: false, error: { code: 'too-old', message: 'Older than retention.' } });
    expect(edge.ingest.quarantined).toEqual([]);
  });

  test('that cannot be stored now says when to try again', async () => {
    edge.ingest.failing = new TryAgainError('disk-full', 'The disk is full.', 2000);
    const answer = await ask(await lamp(), 'telemetry', { power: 5 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'disk-full', retryAfterMs: 2000 } });
  });
});

describe('A gateway', () => {
  test('names its devices', async () => {
    const socket = await gateway();
    await ask(socket, 'telemetry', { device: 'lamp', power: 5 });
    await ask(socket, 'event', { device: 'button', name: 'pressed' });
    await ask(socket, 'reported', { device: 'fan', speed: 2 });
    expect(edge.devices.list('home').map(({ device }) => device)).toEqual(['lamp', 'button', 'fan']);
    expect(edge.devices.get('home', 'fan')?.reported).toEqual({ speed: 2 });
  });

  test('that names none is told so', async () => {
    const socket = await gateway();
    expect(await ask(socket, 'telemetry', { power: 5 })).toMatchObject({ error: { code: 'no-device' } });
    expect(await ask(socket, 'event', { name: 'pressed' })).toMatchObject({ error: { code: 'no-device' } });
    expect(await ask(socket, 'reported', { on: true })).toMatchObject({ error: { code: 'no-device' } });
    expect(edge.ingest.quarantined.length).toBe(2);
  });

  test('may speak for one device on a connection of its own: the device is there as long', async () => {
    const socket = await gateway({ device: 'lamp' });
    expect(edge.devices.get('home', 'lamp')?.presence).toBe('online');
    await ask(socket, 'telemetry', { power: 5 });
    expect(edge.ingest.deliveries[0]?.readings[0]?.device).toBe('lamp');
    const offline = new Promise<void>((resolve) => edge.devices.onChange(() => resolve()));
    socket.disconnect();
    await offline;
    expect(edge.devices.get('home', 'lamp')?.presence).toBe('offline');
  });

  test('gets the commands of each device it has spoken for', async () => {
    const socket = await gateway();
    await ask(socket, 'telemetry', { device: 'lamp', power: 5 });
    socket.on('command', ({ device }: { device: string }, ack: (answer: object) => void) =>
      ack({ ok: true, result: device }),
    );
    const token = edge.access.give('ops', { role: 'operator', groups: '*' });
    const dashboard = await edge.connect('/home', { token });
    expect(await ask(dashboard, 'command', { device: 'lamp', name: 'relay' })).toMatchObject({
      ok: true,
      command: { state: 'succeeded', result: 'lamp' },
    });
  });
});

describe('Events and reports', () => {
  test('an event is acknowledged when it is durable', async () => {
    const answer = await ask(await lamp(), 'event', {
      name: 'pressed',
      ts: '2026-06-01T00:00:00Z',
      id: 'e1',
    });
    expect(answer).toEqual({ ok: true, offset: 1, accepted: 1, rejected: [] });
    expect(edge.ingest.deliveries[0]?.events).toEqual([
      {
        group: 'home',
        device: 'lamp',
        name: 'pressed',
        timeUs: Date.parse('2026-06-01T00:00:00Z') * 1000,
        data: undefined,
        id: 'e1',
      },
    ]);
  });

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['without a name', {}, 'invalid-request'],
    ['at no time', { name: 'pressed', ts: 'yesterday' }, 'invalid-time'],
    ['that is a text', 'pressed', 'invalid-request'],
  ];
  for (const [title, payload, code] of wrong)
    test(`an event ${title} is refused and kept`, async () => {
      expect(await ask(await lamp(), 'event', payload)).toMatchObject({ ok: false, error: { code } });
      expect(edge.ingest.quarantined.map((item) => item.code)).toEqual([code]);
    });

  test('reported state is stored when it is acknowledged, and is an object', async () => {
    const device = await lamp();
    expect(await ask(device, 'reported', { on: true })).toEqual({ ok: true });
    expect(edge.devices.get('home', 'lamp')?.reported).toEqual({ on: true });
    expect(await ask(device, 'reported', [1])).toMatchObject({ error: { code: 'invalid-request' } });
  });

  test('a device may not do what dashboards do', async () => {
    const device = await lamp();
    for (const event of ['devices', 'subscribe', 'history', 'command', 'commands'])
      expect(await ask(device, event, {})).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});
