import { beforeEach, describe, expect, test } from 'vitest';
import { RejectedDeliveryError, RequestError, TryAgainError } from '#contract/errors.ts';
import type { Family } from '../../../bridges/mqtt/families/family.ts';
import { Inbound } from '../../../bridges/mqtt/inbound.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { toMessage } from './families/decode.ts';
import { RecordingCommands, RecordingDevices, RecordingIngest } from './fakes.ts';

/** Recognises `acme/<device>/…`; the payload decides what it says. */
const acme: Family = {
  name: 'acme',
  recognises: ({ levels }) => levels[0] === 'acme',
  decode({ levels, text }) {
    const device = levels[1] ?? '';
    if (text === 'crash') throw new Error('A bug.');
    if (text === 'command') return { reports: [], aside: 'A command.' };
    if (text === 'both')
      return { reports: [{ device, readings: [{ metric: 't', value: 1 }], presence: 'online' }] };
    if (text === 'broken') return { reports: [], problems: [{ path: '', code: 'half', message: 'Half.' }] };
    return {
      reports: [{ device, readings: [{ metric: 't', value: 1, unit: 'Cel' }], events: [{ name: 'e' }] }],
      problems: [{ path: '/x', code: 'odd', message: 'Odd.' }],
    };
  },
};

let ingest: RecordingIngest;
let devices: RecordingDevices;
let counters: CountersProbe;
let inbound: Inbound;
beforeEach(() => {
  ingest = new RecordingIngest();
  devices = new RecordingDevices();
  counters = new CountersProbe();
  const commands = new RecordingCommands();
  inbound = new Inbound({ ingest, devices, commands, counters, log: silentLog, families: [acme] });
});

describe('nothing ends nowhere', () => {
  test('readings and events of a family go to ingest, units to the registry, problems are counted', async () => {
    await inbound.take(toMessage('acme/one', 'x'));
    expect(ingest.deliveries).toMatchObject([
      {
        readings: [{ group: 'acme', device: 'one', metric: 't', value: 1 }],
        events: [{ device: 'one', name: 'e' }],
      },
    ]);
    expect(devices.descriptions.get('acme/one')).toEqual({ metrics: [{ metric: 't', unit: 'Cel' }] });
    expect(counters.counts.get('mqtt.value-dropped/odd')).toBe(1);
    expect(counters.counts.get('mqtt.received/acme')).toBe(1);
  });
  test('only what came with QoS 0 gives way to the rest', async () => {
    for (const qos of [0, 1, 2] as const) await inbound.take(toMessage('acme/one', 'x', { qos }));
    expect(ingest.deliveries.map(({ givesWay }) => givesWay)).toEqual([true, false, false]);
  });
  test('telemetry that gives way is refused unseen while it would find no room, and nothing else', async () => {
    ingest.shedding = new TryAgainError('overloaded', 'Too much.');
    const own = 'signalbox/home/lamp/';
    const broken = toMessage(`${own}telemetry`, '{', { qos: 0 });
    await expect(inbound.take(broken)).rejects.toBe(ingest.shedding);
    expect([ingest.quarantined, counters.counts.get('mqtt.received/signalbox')]).toEqual([[], undefined]);
    await inbound.take(toMessage(`${own}telemetry`, '{"t":1}', { qos: 1 }));
    await inbound.take(toMessage(`${own}telemetry`, '{"t":2}', { qos: 0, isReplay: true }));
    await inbound.take(toMessage(`${own}event`, 'press', { qos: 0 }));
    await inbound.take(toMessage('acme/one', 'x', { qos: 0 }));
    expect(ingest.deliveries).toHaveLength(4);
  });
  test('what is already described is not described again', async () => {
    await inbound.take(toMessage('acme/one', 'x'));
    devices.descriptions.clear();
    await inbound.take(toMessage('acme/one', 'x'));
    expect(devices.descriptions.size).toBe(0);
  });
  test('an unknown topic goes to the inbox', async () => {
    await inbound.take(toMessage('attic/x', '1'));
    expect(ingest.inbox).toMatchObject([{ topic: 'attic/x', why: expect.stringContaining('No family') }]);
  });
  test('what is set aside goes to the inbox with its reason', async () => {
    await inbound.take(toMessage('acme/one', 'command'));
    expect(ingest.inbox).toMatchObject([{ why: 'A command.' }]);
  });
  test('a message that is only problems goes to quarantine with the first', async () => {
    await inbound.take(toMessage('acme/one', 'broken'));
    expect(ingest.quarantined).toMatchObject([{ code: 'half', message: 'Half.' }]);
  });
  test('a decoder that fails costs one message, which is in quarantine', async () => {
    await inbound.take(toMessage('acme/one', 'crash'));
    expect(ingest.quarantined).toMatchObject([{ code: 'decoder-failed' }]);
  });
  test('state that the registry refuses is in quarantine', async () => {
    devices.reported = () => Promise.reject(new RequestError(422, 'too-large', 'Too large.'));
    await inbound.take(toMessage('signalbox/house/plug/reported', '{"a":1}'));
    expect(ingest.quarantined).toMatchObject([{ code: 'too-large' }]);
  });
  test('a defect behind the commit leaves nobody waiting for an answer', async () => {
    devices.status = () => {
      throw new Error('A bug.');
    };
    await expect(inbound.take(toMessage('acme/one', 'both'))).rejects.toThrow('A bug.');
  });
  test('a delivery that ingest refuses for ever is done with', async () => {
    ingest.failNext = new RejectedDeliveryError('too-old', 'Too old.');
    await inbound.take(toMessage('acme/one', 'x'));
    expect(counters.counts.get('mqtt.rejected/too-old')).toBe(1);
  });
  test('not now is passed on to the edge', async () => {
    ingest.failNext = new TryAgainError('disk-full', 'Full.');
    await expect(inbound.take(toMessage('acme/one', 'x'))).rejects.toThrow(TryAgainError);
  });
  test('a group that the sender may not write to is in quarantine', async () => {
    await inbound.take(toMessage('acme/one', 'x', { mayWrite: () => false }));
    expect(ingest.deliveries).toEqual([]);
    expect(ingest.quarantined).toMatchObject([{ code: 'group-not-granted' }]);
  });
});

describe('ARCHITECTURE §2, retained replays', () => {
  test('are state, never readings, and their events do not happen again', async () => {
    await inbound.take(toMessage('acme/one', 'x', { isReplay: true }));
    expect(ingest.deliveries).toMatchObject([{ readings: [], state: [{ metric: 't', value: 1 }] }]);
    expect(ingest.deliveries[0]?.events).toBeUndefined();
    expect(counters.counts.get('mqtt.value-dropped/event-replay')).toBe(1);
  });
});
