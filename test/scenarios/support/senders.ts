/**
 * Devices that send as fast as a small window of unacknowledged readings allows, over each protocol, and write every
 * acknowledgement into a ledger. They outlive the hub: a reading without an answer is sent again.
 */
import mqtt from 'mqtt';
import { io } from 'socket.io-client';
import type { ReceiptAnswer } from '#contract/events.ts';
import type { Refusal } from '#contract/errors.ts';
import { until, type HubProcess } from '../../support/hub-process.ts';
import { Ledger } from './ledger.ts';

export interface Sender {
  readonly ledger: Ledger;
  stop(): Promise<void>;
}

interface Target {
  readonly url: string;
  /** The broker's user, where any will not do. */
  readonly username?: string;
  readonly token: string;
  readonly group: string;
  /** Each of the loops rests so long after an acknowledgement; else it goes on at once. */
  readonly restMs?: number;
}

const inFlight = 16;
const answerDeadlineMs = 2000;
/** Of the first connection, which nothing tries again. */
const connectDeadlineMs = 20_000;
const pauseMs = 20;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs `inFlight` loops that each send one reading until it is acknowledged. @param send resolves when acknowledged */
function start(
  ledger: Ledger,
  send: (payload: object) => Promise<void>,
  close: () => Promise<void>,
  restMs = 0,
): Sender {
  const stopped = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const { n, payload } = ledger.next();
      for (let acknowledged = false; !acknowledged && !stopped.signal.aborted;) {
        acknowledged = await send(payload).then(
          () => true,
          () => false,
        );
        if (acknowledged) ledger.acknowledge(n);
        else await pause(pauseMs);
      }
      if (restMs > 0) await pause(restMs);
    }
  };
  const loops = Array.from({ length: inFlight }, loop);
  return {
    ledger,
    async stop() {
      stopped.abort();
      await close();
      await Promise.all(loops);
    },
  };
}

function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), deadlineMs);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/** QoS 1: PUBACK is the acknowledgement. */
export async function mqttSender(
  ledger: Ledger,
  { url, username = 'x', token, group, restMs }: Target,
): Promise<Sender> {
  const client = await mqtt.connectAsync(url, {
    username,
    password: token,
    reconnectPeriod: 100,
    clientId: ledger.device,
  });
  client.on('error', () => {}); // the loops see it as a missing answer
  const topic = `signalbox/${group}/${ledger.device}/telemetry`;
  return start(
    ledger,
    async (payload) => {
      if (!client.connected) throw new Error('not connected');
      await withDeadline(client.publishAsync(topic, JSON.stringify(payload), { qos: 1 }), answerDeadlineMs);
    },
    () => client.endAsync(true),
    restMs,
  );
}

/** `telemetry` with an acknowledgement `{ ok: true }`. */
export async function socketIoSender(ledger: Ledger, { url, token, group }: Target): Promise<Sender> {
  const socket = io(`${url}/${group}`, {
    auth: { token },
    reconnectionDelay: 100,
    reconnectionDelayMax: 200,
    forceNew: true,
  });
  await withDeadline(new Promise<void>((resolve) => socket.on('connect', resolve)), connectDeadlineMs);
  return start(
    ledger,
    async (payload) => {
      if (!socket.connected) throw new Error('not connected');
      const answer = (await socket.timeout(answerDeadlineMs).emitWithAck('telemetry', payload)) as
        (ReceiptAnswer & { ok: true }) | Refusal;
      if (!answer.ok) throw new Error(answer.error.message);
    },
    async () => void socket.disconnect(),
  );
}

/** A 2xx answer is the acknowledgement. */
export async function httpSender(ledger: Ledger, { url, token, group }: Target): Promise<Sender> {
  return start(
    ledger,
    async (payload) => {
      const response = await fetch(`${url}/api/v1/groups/${group}/devices/${ledger.device}/telemetry`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(payload),
        signal: AbortSignal.timeout(answerDeadlineMs),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
    },
    async () => {},
  );
}

/** One device over each protocol, whose readings begin at `startMs` (epoch ms). */
export async function startSenders(
  hub: HubProcess,
  group: string,
  startMs: number,
): Promise<readonly Sender[]> {
  const begin = async (
    send: (ledger: Ledger, target: Target) => Promise<Sender>,
    device: string,
    url: string,
  ): Promise<Sender> => {
    const token = await hub.createToken({ name: device, role: 'device', groups: [group], device });
    return await send(new Ledger(device, startMs), { url, token, group });
  };
  return [
    await begin(mqttSender, 'over-mqtt', hub.mqtt),
    await begin(socketIoSender, 'over-socketio', hub.url),
    await begin(httpSender, 'over-http', hub.url),
  ];
}

/** Waits until every device has so many more readings acknowledged. */
export async function acknowledgeMore(
  senders: readonly Sender[],
  hub: HubProcess,
  more: number,
): Promise<void> {
  const counts = (): number[] => senders.map(({ ledger }) => ledger.acknowledged);
  const goals = counts().map((count) => count + more);
  await until(
    () => counts().every((count, index) => count >= (goals[index] ?? 0)),
    30_000,
    () => `${counts().join(', ')}\n${hub.output}`,
  );
}
