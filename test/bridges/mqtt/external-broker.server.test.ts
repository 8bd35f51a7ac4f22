/** Against a real Mosquitto: MQTT 5, sessions that outlive the hub, retained replays, back-pressure. */
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import { ExternalBroker } from '../../../bridges/mqtt/external-broker.ts';
import { systemClock } from '../../../hub/clock.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { describeWith } from '../../support/servers.ts';
import { startMosquitto, type RunningMosquitto } from './mosquitto.ts';
import { RecordingCommands, RecordingDevices, RecordingIngest, until } from './fakes.ts';

describeWith('mosquitto', 'an external Mosquitto', (program) => {
  let port: number;
  let mosquitto: RunningMosquitto;
  let publisher: MqttClient;
  let bridge: ExternalBroker;
  let ingest: RecordingIngest;

  beforeEach(async () => {
    mosquitto = await startMosquitto(program);
    port = Number(new URL(mosquitto.url).port);
    publisher = await connectWhenReady(port);
  });
  afterEach(async () => {
    await bridge.stop();
    publisher.end(true);
    await mosquitto[Symbol.asyncDispose]();
  });

  async function startBridge(): Promise<void> {
    ingest = new RecordingIngest();
    bridge = new ExternalBroker({
      name: 'test',
      url: `mqtt://127.0.0.1:${port}`,
      ingest,
      devices: new RecordingDevices(),
      commands: new RecordingCommands(),
      clock: systemClock,
      log: silentLog,
      counters: new CountersProbe(),
    });
    await bridge.start();
    await until(() => bridge.status().state === 'up');
  }

  const publish = (value: number, retain = false): Promise<unknown> =>
    publisher.publishAsync('signalbox/house/plug/telemetry/n', String(value), { qos: 1, retain });
  const values = (): unknown[] =>
    ingest.deliveries.flatMap(({ readings }) =>
      readings.filter(({ group }) => group === 'house').map(({ value }) => value),
    );

  test('is spoken to in MQTT 5', async () => {
    await startBridge();
    expect(bridge.status().detail).toBe('MQTT 5');
  });

  test("tells its own state under $SYS, which '#' does not select", async () => {
    await startBridge();
    await until(() =>
      ingest.deliveries.some(({ readings, state = [] }) =>
        [...readings, ...state].some(
          ({ group, metric }) => group === 'mosquitto' && metric === 'clients.connected',
        ),
      ),
    );
  });

  test('delivers 5,000 messages in order, many waiting for one commit', async () => {
    await startBridge();
    ingest.hold();
    const all = Array.from({ length: 5000 }, (_, index) => publish(index));
    // Mosquitto keeps 20 messages in flight by default: all of them reach us although none is acknowledged.
    await until(() => values().length >= 20);
    ingest.letGo();
    await Promise.all(all);
    await until(() => values().length === 5000);
    expect(values()).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  });

  test('keeps what arrives while the hub is away, and a held PUBACK is delivered again', async () => {
    await startBridge();
    ingest.failNext = new TryAgainError('disk-full', 'Full.', 60_000);
    await publish(1);
    await until(() => values().length === 1);
    // Not acknowledged when the hub goes: it was not durable.
    await bridge.stop();
    await publish(2);
    await publish(3);
    await startBridge();
    await until(() => values().length === 3);
    expect(values()).toEqual([1, 2, 3]);
  });

  test('a retained live stream of 100 values is 100 readings; ten restarts of the hub add none', async () => {
    await startBridge();
    for (let value = 1; value <= 100; value += 1) await publish(value, true);
    await until(() => values().length === 100);
    for (let restart = 0; restart < 10; restart += 1) {
      await bridge.stop();
      await startBridge();
      await until(() => ingest.deliveries.some(({ state = [] }) => state.some(({ value }) => value === 100)));
      expect(values()).toEqual([]);
    }
  });
});

async function connectWhenReady(port: number): Promise<MqttClient> {
  for (;;) {
    try {
      return await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }, false);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
