/**
 * More arrives than the disk takes: each commit is slowed, a flood of QoS 0 comes as fast as the wire carries it, and
 * devices send at QoS 1 beside it. Memory stays flat, QoS 1 loses nothing, and each QoS 0 message is stored or counted.
 */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import type { HubStatus } from '#contract/status.ts';
import type { HistoryAnswer } from '#contract/view.ts';
import { FaultyIo } from '../../support/faults/faulty-io.ts';
import { HubProcess, until } from '../../support/hub-process.ts';
import { median } from '../../bench/support/statistics.ts';
import { acknowledgeMore, startSenders } from './senders.ts';
import type { Tally } from './ledger.ts';

const group = 'flood';
/** With at most 10,000 readings in a commit: about 3,000 readings a second. */
const syncDelayMs = 3300;
/** Of each message. What may wait for the disk is full with some 1,800 of them: in less than a second. */
const readings = 40;
const offeredPerSecond = 3000;
const beatMs = 10;

export interface OverloadTally {
  readonly seconds: number;
  /** Messages of forty readings each. */
  readonly offered: number;
  readonly stored: number;
  /** Counted as dropped. */
  readonly shed: number;
  /** Offered, and neither stored nor counted: must be 0. */
  readonly unaccounted: number;
  readonly senders: readonly Tally[];
  readonly memoryMiB: readonly [before: number, peak: number];
  /** Of the last third over the one before, by their medians: the first fills what is bounded. */
  readonly grewMiB: number;
}

export async function runOverload(seconds: number): Promise<OverloadTally> {
  using io = new FaultyIo();
  await using hub = await HubProcess.start([], undefined, io.env);
  const token = await hub.createToken({ name: 'flood', role: 'device', groups: [group], device: 'flood' });
  const senders = await startSenders(hub, group, Date.now() - 3_600_000);
  await until(() => senders.every(({ ledger }) => ledger.acknowledged > 0), 20_000);
  const before = hub.memoryRss();
  io.order({ syncDelayMs });
  const flood = await Flood.start(hub.mqtt, token);
  const memory: number[] = [];
  const endAt = performance.now() + seconds * 1000;
  while (performance.now() < endAt) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    memory.push(hub.memoryRss());
  }
  flood.pause();
  io.order({});
  await flood.stop();
  // Who was told to wait goes on by itself.
  await acknowledgeMore(senders, hub, 50);
  await Promise.all(senders.map((sender) => sender.stop()));
  const counters = async (): Promise<HubStatus['counters']> =>
    (await hub.json<HubStatus>('/api/v1/status')).counters;
  const storedAndShed = async (): Promise<readonly [number, number]> => [
    await storedOf(hub),
    (await counters())['mqtt.dropped/qos0-not-now'] ?? 0,
  ];
  let [stored, shed] = await storedAndShed();
  await until(async () => {
    [stored, shed] = await storedAndShed();
    return stored + shed >= flood.offered;
  }, 60_000).catch(() => {});
  const tallies: Tally[] = [];
  for (const { ledger } of senders) tallies.push(await ledger.compare(hub, group));
  return {
    seconds,
    offered: flood.offered,
    stored,
    shed,
    unaccounted: flood.offered - stored - shed,
    senders: tallies,
    memoryMiB: [mebibytes(before), mebibytes(Math.max(...memory))],
    grewMiB: mebibytes(medianOf(memory, 2 / 3, 1) - medianOf(memory, 1 / 3, 2 / 3)),
  };
}

/** Of the samples between two parts of the time. */
function medianOf(samples: readonly number[], from: number, to: number): number {
  return median(samples.slice(samples.length * from, samples.length * to));
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

async function storedOf(hub: HubProcess): Promise<number> {
  const response = await hub.request(
    `/api/v1/groups/${group}/devices/flood/history?metrics=q&start=${startMs}&end=${startMs + 10 ** 9}&window=${10 ** 9}`,
  );
  if (response.status === 404) return 0;
  const { series } = (await response.json()) as HistoryAnswer;
  return (series[0]?.buckets ?? []).reduce((sum, [, , , , count]) => sum + count, 0);
}

const startMs = Date.now() - 86_400_000;

/** Clients that wait for nothing but their wires. */
class Flood {
  offered = 0;
  readonly #sockets: readonly Socket[];
  readonly #timer: NodeJS.Timeout;

  private constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    this.#timer = setInterval(() => this.#beat(), beatMs);
  }

  static async start(url: string, token: string): Promise<Flood> {
    const sockets: Socket[] = [];
    for (let client = 0; client < clients; client += 1)
      sockets.push(await enter(new URL(url), token, client));
    return new Flood(sockets);
  }

  pause(): void {
    clearInterval(this.#timer);
  }

  /** Each client asks for one acknowledgement: it comes behind everything that was sent before. */
  async stop(): Promise<void> {
    const last = generate({
      cmd: 'publish',
      topic,
      payload: '{"last":1}',
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    });
    await Promise.all(
      this.#sockets.map(async (socket) => {
        const acknowledged = once(socket, 'data');
        socket.write(last);
        await acknowledged;
        socket.end();
      }),
    );
  }

  #beat(): void {
    const open = this.#sockets.filter((socket) => !socket.writableNeedDrain);
    const perSocket = Math.ceil((offeredPerSecond * beatMs) / 1000 / clients);
    for (const socket of open) {
      const packets: Buffer[] = [];
      for (let count = 0; count < perSocket; count += 1) {
        const payload = `{"ts":${startMs + this.offered},"values":${values}}`;
        packets.push(generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }));
        this.offered += 1;
      }
      socket.write(Buffer.concat(packets));
    }
  }
}

const clients = 20;
const topic = `signalbox/${group}/flood/telemetry`;
/** `q` counts the messages. */
const values = JSON.stringify(
  Object.fromEntries(Array.from({ length: readings }, (_, index) => [index === 0 ? 'q' : `q${index}`, 1])),
);

async function enter({ hostname, port }: URL, token: string, client: number): Promise<Socket> {
  const socket = connectSocket(Number(port), hostname);
  const login = { username: 'flood', password: Buffer.from(token), clientId: `flood-${client}` };
  socket.write(
    generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 0, ...login }),
  );
  const [connack] = (await once(socket, 'data')) as [Buffer];
  if (connack[3] !== 0) throw new Error(`The broker refused the flood with code ${connack[3]}.`);
  return socket;
}
