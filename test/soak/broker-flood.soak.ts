/**
 * The hub was away and comes back to all that Mosquitto kept for it: `npm run soak -- broker-flood [--messages 150000]`.
 * Meanwhile another device goes on sending over HTTP, and a dashboard looks at it. Each message has a time of its own, so
 * each must be in the history once.
 */
import { parseArgs } from 'node:util';
import { connectAsync } from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import type { ReadingsFrame } from '#contract/frame.ts';
import type { HubStatus } from '#contract/status.ts';
import { startMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { percentile } from '../bench/support/statistics.ts';
import { watchMemory } from '../scenarios/support/influx-outage.ts';
import { Ledger, type Tally } from '../scenarios/support/ledger.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { findProgram } from '../support/servers.ts';
import { requireUnder } from './limits.ts';

const group = 'flood';
const bystanders = 'bystanders';
const devices = 10;
/** Under way to Mosquitto at once. */
const chunk = 1000;
const beatMs = 50;
const deadlineMs = 180_000;
/** What came last may still be on its way to the disk. */
const settleMs = 10_000;
const limits = { liveP99Ms: 2000, mostMegabytes: 400 } as const;

interface FloodTally extends Record<keyof typeof limits, number> {
  readonly sent: number;
  readonly pubacked: number;
  readonly stored: number;
  /** Acknowledged by Mosquitto, and not in the history: must be 0. */
  readonly lost: number;
  readonly doubled: number;
  readonly invented: number;
  /** From the hub's start to the last message in its history. */
  readonly seconds: number;
  readonly startMegabytes: number;
  readonly liveReadings: number;
  readonly liveP50Ms: number;
  readonly liveMostMs: number;
}

/** @throws {Error} something was lost, stored twice or invented, or a limit was passed */
export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { messages: { type: 'string', default: '150000' } },
  });
  const program = findProgram('mosquitto');
  if (program === undefined) throw new Error('Mosquitto is not installed: run test/install-servers.');
  const tally = await runFlood(program, Number(values.messages));
  console.table(tally);
  if (tally.lost + tally.doubled + tally.invented > 0) throw new Error('Not each message is stored once.');
  requireUnder(limits, tally);
}

async function runFlood(program: string, messages: number): Promise<FloodTally> {
  await using mosquitto = await startMosquitto(program, [
    'allow_anonymous true',
    'max_queued_messages 0',
    'max_queued_bytes 0',
  ]);
  await using hub = await HubProcess.start(['--mqtt', mosquitto.url]);
  const statusOfBroker = async (): Promise<HubStatus['edges'][number] | undefined> =>
    (await hub.json<HubStatus>('/api/v1/status')).edges.find(({ name }) => name === 'broker');
  await until(
    async () => (await statusOfBroker())?.state === 'up',
    deadlineMs,
    () => hub.output,
  );
  await hub.stop();
  const ledgers = await publishAll(mosquitto.url, messages);
  const begin = performance.now();
  await hub.start();
  const memory = watchMemory(hub);
  const live = await watchLive(hub);
  // Besides, the broker tells of itself.
  const isThrough = async (): Promise<boolean> =>
    ((await statusOfBroker())?.messages?.acknowledged ?? 0) >= messages;
  await until(isThrough, deadlineMs, () => hub.output);
  const seconds = (performance.now() - begin) / 1000;
  const latencies = live.stop();
  let tallies: readonly Tally[] = [];
  const isComplete = async (): Promise<boolean> => {
    tallies = await Promise.all(ledgers.map((ledger) => ledger.compare(hub, group)));
    return tallies.every(({ lost }) => lost === 0);
  };
  await until(isComplete, settleMs).catch(() => undefined);
  const sum = (what: Exclude<keyof Tally, 'device'>): number =>
    tallies.reduce((total, tally) => total + tally[what], 0);
  return {
    sent: sum('sent'),
    pubacked: sum('acknowledged'),
    stored: sum('stored'),
    lost: sum('lost'),
    doubled: sum('doubled'),
    invented: sum('invented'),
    seconds,
    ...memory.stop(),
    liveReadings: latencies.length,
    liveP50Ms: percentile(latencies, 0.5),
    liveP99Ms: percentile(latencies, 0.99),
    liveMostMs: Math.max(...latencies),
  };
}

/** While the hub is away. Resolves when Mosquitto has acknowledged all. */
async function publishAll(url: string, messages: number): Promise<readonly Ledger[]> {
  const startMs = Date.now() - 3_600_000;
  const ledgers = Array.from({ length: devices }, (_, index) => new Ledger(`d${index}`, startMs));
  const publisher = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
  for (let sent = 0; sent < messages; sent += chunk) {
    const batch = Array.from({ length: Math.min(chunk, messages - sent) }, async (_, index) => {
      const ledger = ledgers[(sent + index) % devices] as Ledger;
      const { n, payload } = ledger.next();
      const topic = `signalbox/${group}/${ledger.device}/telemetry`;
      await publisher.publishAsync(topic, JSON.stringify(payload), { qos: 1 });
      ledger.acknowledge(n);
    });
    await Promise.all(batch);
  }
  await publisher.endAsync();
  return ledgers;
}

/** A device that has nothing to do with the flood: from its request to a dashboard that shows all it sends, ms. */
async function watchLive(hub: HubProcess): Promise<{ stop(): readonly number[] }> {
  const path = `/api/v1/groups/${bystanders}/devices/probe/telemetry`;
  const send = (beat: number): Promise<unknown> =>
    hub.json(path, { method: 'POST', body: JSON.stringify({ beat }) });
  await send(0);
  const sentAt = new Map<unknown, number>();
  const latencies: number[] = [];
  const token = await hub.createToken({ name: 'wall', role: 'viewer', groups: [bystanders] });
  const socket: Socket = io(`${hub.url}/${bystanders}`, { auth: { token }, transports: ['websocket'] });
  socket.on('readings', ({ readings }: ReadingsFrame) => {
    for (const [, , { beat }] of readings) {
      const at = sentAt.get(beat);
      if (at === undefined) continue;
      latencies.push(performance.now() - at);
      sentAt.delete(beat);
    }
  });
  socket.on('connect', () => socket.emit('subscribe', { mode: 'raw', maxHz: 10 }, () => {}));
  await until(() => socket.connected, 10_000);
  let beat = 0;
  const failures: unknown[] = [];
  const timer = setInterval(() => {
    beat += 1;
    sentAt.set(beat, performance.now());
    send(beat).catch((error: unknown) => failures.push(error));
  }, beatMs);
  return {
    stop() {
      clearInterval(timer);
      socket.disconnect();
      if (failures.length > 0) throw new Error(`The bystander was refused: ${String(failures[0])}`);
      return latencies;
    },
  };
}
