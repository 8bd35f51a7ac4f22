/** Against a real Mosquitto: MQTT 5, sessions that outlive the hub, retained replays, back-pressure. */
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import { ExternalBroker, type ExternalBrokerOptions } from '../../../bridges/mqtt/external-broker.ts';
import { systemClock } from '../../../hub/clock.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { describeWith } from '../../support/servers.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { MemoryState } from './memory-state.ts';
import { startMosquitto, type RunningMosquitto } from './mosquitto.ts';
import { RecordingCommands, RecordingDevices, RecordingIngest, until } from './fakes.ts';

function valuesOf({ ingest }: { readonly ingest: RecordingIngest }): unknown[] {
  return ingest.deliveries.flatMap(({ readings }) =>
    readings.filter(({ group }) => group === 'house').map(({ value }) => value),
  );
}

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

  /** Another hub of the same share, or one with other options. */
  async function startAnother(options: Partial<ExternalBrokerOptions>): Promise<{
    readonly bridge: ExternalBroker;
    readonly ingest: RecordingIngest;
    readonly counters: CountersProbe;
  }> {
    const parts = { ingest: new RecordingIngest(), counters: new CountersProbe() };
    const another = new ExternalBroker({
      name: 'another',
      url: `mqtt://127.0.0.1:${port}`,
      devices: new RecordingDevices(),
      commands: new RecordingCommands(),
      clock: systemClock,
      log: silentLog,
      ...parts,
      ...options,
    });
    await another.start();
    await until(() => another.status().state === 'up');
    return { bridge: another, ...parts };
  }

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
  const values = (): unknown[] => valuesOf({ ingest });

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
    const { received = 0, acknowledged = 0 } = bridge.status().messages ?? {};
    expect(received - acknowledged).toBeGreaterThanOrEqual(20);
    ingest.letGo();
    await Promise.all(all);
    await until(() => values().length === 5000);
    expect(values()).toEqual(Array.from({ length: 5000 }, (_, index) => index));
    await until(() => (bridge.status().messages?.acknowledged ?? 0) >= 5000);
    expect(bridge.status()).toMatchObject({ reconnects: 0 });
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

  for (const [lines, kept] of [
    [[], [1, 2]],
    [['queue_qos0_messages true'], [0, 1, 2]],
  ] as const)
    test(`of what is published while the hub is away, QoS ${kept.join(', ')} comes after (${lines[0] ?? 'as installed'})`, async () => {
      await using other = await startMosquitto(program, ['allow_anonymous true', ...lines]);
      ({ bridge } = await startAnother({ url: other.url }));
      await bridge.stop();
      const device = await connectAsync(other.url);
      for (const qos of [0, 1, 2] as const)
        await device.publishAsync('signalbox/house/plug/telemetry/n', String(qos), { qos });
      await device.endAsync();
      const back = await startAnother({ url: other.url });
      bridge = back.bridge;
      await until(() => valuesOf(back).includes(2));
      expect(valuesOf(back)).toEqual(kept);
      await bridge.stop();
    });

  test('loses nothing when the hub stops while messages arrive', async () => {
    await startBridge();
    const done = new AbortController();
    const sending = (async () => {
      let sent = 0;
      while (!done.signal.aborted) await publish((sent += 1));
      return sent;
    })();
    const taken: unknown[] = [];
    for (let restart = 0; restart < 5; restart += 1) {
      await until(() => values().length >= 20);
      await bridge.stop();
      taken.push(...values());
      await startBridge();
    }
    done.abort();
    const sent = await sending;
    await until(() => values().includes(sent));
    const all = new Set([...taken, ...values()]);
    expect(Array.from({ length: sent }, (_, index) => index + 1).filter((value) => !all.has(value))).toEqual(
      [],
    );
  });

  for (const version of ['MQTT 5', 'MQTT 3.1.1'])
    test(`two hubs of one share divide telemetry in ${version}, and each hears what every hub has to know`, async () => {
      await publish(-1, true);
      ingest = new RecordingIngest();
      await using way = version === 'MQTT 5' ? undefined : await refuseMqtt5(port);
      const url = way?.url ?? mosquitto.url;
      // One of them read everything before.
      await (await startAnother({ name: 'a', url })).bridge.stop();
      const hubs = await Promise.all(['a', 'b'].map((name) => startAnother({ name, url, share: 'hubs' })));
      expect(hubs.map((hub) => hub.bridge.status().detail)).toEqual([version, version]);
      [bridge] = hubs.map((hub) => hub.bridge) as [ExternalBroker];
      try {
        const sent = Array.from({ length: 200 }, (_, index) => index);
        for (const value of sent) await publish(value);
        await publisher.publishAsync('spBv1.0/g/DBIRTH/n/d', 'x', { qos: 1 });
        await until(() => hubs.flatMap(valuesOf).length >= sent.length);
        expect(hubs.flatMap(valuesOf).toSorted((a, b) => Number(a) - Number(b))).toEqual(sent);
        for (const hub of hubs) {
          expect(valuesOf(hub).length).toBeGreaterThan(0);
          // Mosquitto 2.0 replays retained messages to shared subscriptions against MQTT 5, §4.8.2: they are no state here.
          expect(
            hub.ingest.deliveries.some(({ state = [] }) => state.some(({ group }) => group === 'house')),
          ).toBe(false);
          await until(() => hub.ingest.quarantined.length + hub.ingest.inbox.length > 0);
        }
        // The one that goes leaves the share: the other one gets everything.
        await hubs[1]?.bridge.stop();
        const before = valuesOf(hubs[0] as (typeof hubs)[0]).length;
        for (const value of [1000, 1001, 1002, 1003]) await publish(value);
        await until(() => valuesOf(hubs[0] as (typeof hubs)[0]).length >= before + 4);
      } finally {
        for (const hub of hubs) await hub.bridge.stop();
      }
    });

  test('a share that was renamed or given up is left in our own session, and the hub says so', async () => {
    await startBridge();
    await using wire = await TcpProxy.start(mosquitto.url);
    const common = { name: 'renamed', url: wire.url.replace('http', 'mqtt'), brokerState: new MemoryState() };
    /** Gone without a word, as after a power cut: the share stays in its session. */
    const lose = async ({ bridge: hub }: { readonly bridge: ExternalBroker }): Promise<void> => {
      wire.cut();
      await until(() => hub.status().state !== 'up');
      await hub.stop();
      wire.mend();
    };
    const first = await startAnother({ ...common, share: 'old' });
    expect(first.bridge.status().detail).toBe('MQTT 5');
    await lose(first);
    const second = await startAnother({ ...common, share: 'new' });
    expect(second.bridge.status().detail).toBe('MQTT 5; left its former share old');
    await lose(second);
    const alone = await startAnother(common);
    try {
      expect(alone.bridge.status().detail).toBe('MQTT 5; left its former share new');
      expect([...common.brokerState.rows.values()].map(({ key }) => key).toSorted()).toEqual(['#', '$SYS/#']);
      const before = valuesOf(alone).length;
      for (let value = 0; value < 20; value += 1) await publish(value);
      await until(() => valuesOf(alone).length >= before + 20);
      // Not one of them by a subscription from before.
      expect(valuesOf(alone).slice(before)).toEqual(Array.from({ length: 20 }, (_, value) => value));
    } finally {
      await alone.bridge.stop();
    }
  });

  test('its status tells what Mosquitto will lose while the hub is away, with the lines to change', async () => {
    await startBridge();
    await until(() => bridge.status().advice?.includes('mosquitto') === true);
    expect(bridge.status().advice).toMatch(/1000 messages.*max_queued_messages.*queue_qos0_messages true/);
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

/** The way to a broker that wants to hear nothing of MQTT 5. */
async function refuseMqtt5(port: number): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const broker = connectTcp(port, '127.0.0.1');
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => [client, broker].forEach((end) => end.destroy()));
    }
    client.once('data', (connect: Buffer) => {
      // Behind the protocol name: its level.
      if (connect[connect.indexOf('MQTT') + 4] === 5) return client.destroy();
      broker.write(connect);
      client.pipe(broker).pipe(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
