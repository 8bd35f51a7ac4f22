import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import { ExternalBroker } from '../../../bridges/mqtt/external-broker.ts';
import { systemClock } from '../../../hub/clock.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { RecordingCommands, RecordingDevices, RecordingIngest, until } from './fakes.ts';
import { startHub, type TestHub } from './support.ts';

/** The embedded broker plays somebody else's: it speaks only MQTT 3.1.1, as many do. */
let broker: TestHub;
let bridge: ExternalBroker;
let ingest: RecordingIngest;
let commands: RecordingCommands;
let counters: CountersProbe;

beforeEach(async () => {
  broker = await startHub();
  ingest = new RecordingIngest();
  commands = new RecordingCommands();
  counters = new CountersProbe();
});
afterEach(async () => {
  await bridge.stop();
  await broker.close();
});

async function startBridge(more: object = {}): Promise<void> {
  bridge = new ExternalBroker({
    name: 'attic',
    url: `mqtt://127.0.0.1:${broker.port}`,
    username: 'any',
    password: 'admin',
    devices: new RecordingDevices(),
    clock: systemClock,
    log: silentLog,
    random: () => 0,
    ingest,
    commands,
    counters,
    ...more,
  });
  await bridge.start();
}

const refusals = (): number => counters.counts.get('mqtt.reconnect/refused') ?? 0;
const isUp = (): boolean => bridge.status().state === 'up';

describe('an external broker', () => {
  test('that refuses MQTT 5 is spoken to in 3.1.1', async () => {
    await startBridge();
    await until(isUp);
    expect(bridge.status()).toMatchObject({
      name: 'attic',
      state: 'up',
      detail: 'MQTT 3.1.1',
      address: `mqtt://127.0.0.1:${broker.port}`,
    });
  });

  test('delivers what devices publish, under the principal of the bridge', async () => {
    await startBridge();
    await until(isUp);
    const plug = await broker.connect('plug');
    await plug.publishAsync('signalbox/house/plug/telemetry', '{"power":21.5}', { qos: 1 });
    await until(() => ingest.deliveries.length === 1);
    expect(ingest.deliveries).toMatchObject([
      {
        source: { principal: 'bridge:attic', topic: 'signalbox/house/plug/telemetry' },
        readings: [{ group: 'house', device: 'plug', metric: 'power', value: 21.5 }],
      },
    ]);
  });

  test('replays a retained message as state, and a live stream of retained values as readings', async () => {
    const plug = await broker.connect('plug');
    const publish = (value: number): Promise<unknown> =>
      plug.publishAsync('signalbox/house/plug/telemetry/power', String(value), { qos: 1, retain: true });
    await publish(1);
    await startBridge();
    await until(() => ingest.deliveries.length === 1);
    expect(ingest.deliveries).toMatchObject([{ readings: [], state: [{ metric: 'power', value: 1 }] }]);
    for (let value = 2; value <= 101; value += 1) await publish(value);
    await until(() => ingest.deliveries.length === 101);
    expect(
      ingest.deliveries.slice(1).every(({ readings, state }) => readings.length === 1 && state === undefined),
    ).toBe(true);
  });

  test('is connected to again when the connection is lost', async () => {
    await startBridge();
    await until(isUp);
    broker.access.end('admin');
    await until(() => bridge.status().state === 'down');
    broker.access.add('admin', { role: 'admin', groups: '*' });
    await until(isUp);
    expect(counters.counts.get('mqtt.reconnect/lost')).toBe(1);
    // It was found only in MQTT 3.1.1, too.
    expect(bridge.status().reconnects).toBe(1 + refusals());
  });

  test('is tried again after a random wait of at most 0.5 s, then 1 s, 2 s, …', async () => {
    const clock = new ManualClock();
    broker.access.end('admin');
    await startBridge({ clock, random: () => 0.999 });
    // The first attempt finds out that MQTT 5 is refused, the second that the token is.
    for (const [index, mostMs] of [500, 1000, 2000].entries()) {
      await until(() => refusals() === index + 1);
      clock.advance(mostMs * 0.99);
      expect(bridge.status().state).toBe('down');
      clock.advance(mostMs * 0.01);
    }
    await until(() => refusals() === 4);
  });
});

describe('not now', () => {
  test('a QoS 1 message is offered to the hub again until it is taken', async () => {
    const clock = new ManualClock();
    await startBridge({ clock });
    while (!isUp()) {
      clock.advance(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    ingest.failNext = new TryAgainError('disk-full', 'Full.', 250);
    const plug = await broker.connect('plug');
    await plug.publishAsync('signalbox/house/plug/telemetry/power', '1', { qos: 1 });
    await until(() => ingest.deliveries.length === 1);
    await until(() => {
      clock.advance(50);
      return ingest.deliveries.length === 2;
    });
    expect(counters.counts.get('mqtt.retried/not-now')).toBe(1);
  });

  test('a QoS 0 message is dropped and counted', async () => {
    await startBridge();
    await until(isUp);
    ingest.failNext = new TryAgainError('disk-full', 'Full.');
    const plug = await broker.connect('plug');
    plug.publish('signalbox/house/plug/telemetry/power', '1', { qos: 0 });
    await until(() => counters.counts.get('mqtt.dropped/qos0-not-now') === 1);
    expect(ingest.deliveries).toHaveLength(1);
  });
});

describe('ARCHITECTURE §6, commands over an external broker', () => {
  test('a device is reachable from its first message until it says that it is offline', async () => {
    await startBridge();
    await until(isUp);
    const plug = await broker.connect('plug');
    await plug.subscribeAsync('signalbox/house/plug/commands/+');
    await plug.publishAsync('signalbox/house/plug/status', 'online', { qos: 1 });
    await until(() => commands.links.has('house/plug'));
    await plug.publishAsync('signalbox/house/plug/status', 'offline', { qos: 1 });
    await until(() => !commands.links.has('house/plug'));
  });

  test('no device is reachable where nothing may be published', async () => {
    await startBridge({ sendsCommands: false });
    await until(isUp);
    const plug = await broker.connect('plug');
    await plug.publishAsync('signalbox/house/plug/status', 'online', { qos: 1 });
    await plug.publishAsync('signalbox/house/plug/telemetry/n', '1', { qos: 1 });
    await until(() => ingest.deliveries.length === 1);
    expect([...commands.links.keys()]).toEqual([]);
  });

  test('the answer comes back from the result topic', async () => {
    await startBridge();
    await until(isUp);
    const plug = await broker.connect('plug');
    await plug.publishAsync('signalbox/house/plug/commands/c1/result', '{"ok":true}', { qos: 1 });
    await until(() => commands.answers.length === 1);
    expect(commands.answers).toMatchObject([{ name: 'house/plug', id: 'c1', answer: { ok: true } }]);
  });
});
