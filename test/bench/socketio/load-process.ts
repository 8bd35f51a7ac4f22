/** The clients of a benchmark, in a process of their own. */
import { answerCalls } from '../support/worker-process.ts';
import { maskedFrame } from './frames.ts';
import { PollingClient } from './polling-client.ts';
import { RawSocketIoClient } from './raw-client.ts';

/** Connections that are made at the same time. */
const wave = 50;
const event = '421["telemetry",{"metric":"power","value":1234.5,"ts":1795000000000,"id":"a1b2c3d4"}]';

interface Client {
  readonly connected: Promise<void>;
  close(): void;
}

let sockets: RawSocketIoClient[] = [];
let pollers: PollingClient[] = [];

async function inWaves<T extends Client>(count: number, make: () => T): Promise<T[]> {
  const all: T[] = [];
  while (all.length < count) {
    const next = Array.from({ length: Math.min(wave, count - all.length) }, make);
    await Promise.all(next.map(({ connected }) => connected));
    all.push(...next);
  }
  return all;
}

/** Resolves when all clients together have received so many frames or packets more. */
function received(count: number): Promise<void> {
  let missing = count;
  return new Promise((resolve) => {
    const one = (): void => {
      missing -= 1;
      if (missing === 0) resolve();
    };
    for (const client of sockets) client.onFrame = one;
    for (const client of pollers) client.onPacket = one;
  });
}

/** Each client keeps `depth` events without acknowledgement under way; resolves after `total` acknowledgements. */
function exchange(total: number, depth: number): Promise<void> {
  const batch = Buffer.concat(Array.from({ length: depth }, () => maskedFrame(event)));
  let missing = total;
  return new Promise((resolve) => {
    for (const client of sockets) {
      let underWay = depth;
      client.onFrame = () => {
        missing -= 1;
        underWay -= 1;
        if (missing === 0) resolve();
        if (underWay > 0 || missing <= 0) return;
        underWay = depth;
        client.send(batch);
      };
      client.send(batch);
    }
  });
}

/** The same over long-polling, one deep. */
function exchangePolling(total: number): Promise<void> {
  let missing = total;
  return new Promise((resolve) => {
    for (const client of pollers) {
      client.onPacket = () => {
        missing -= 1;
        if (missing === 0) resolve();
        if (missing > 0) client.send(event);
      };
      client.send(event);
    }
  });
}

/** Round trips of single events of one client, in milliseconds; between them the server has time to be idle. */
async function roundTrips(count: number, pauseMs: number): Promise<number[]> {
  const [client] = sockets;
  if (client === undefined) throw new Error('Nobody is connected.');
  const took: number[] = [];
  const frame = maskedFrame(event);
  for (let i = 0; i < count; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const startMs = performance.now();
    await new Promise<void>((resolve) => {
      client.onFrame = resolve;
      client.send(frame);
    });
    took.push(performance.now() - startMs);
  }
  return took;
}

let receiving: Promise<void> | undefined;

answerCalls({
  async connect(port: number, count: number, compressed = false) {
    sockets.push(...(await inWaves(count, () => new RawSocketIoClient(port, compressed))));
  },
  async connectPolling(port: number, count: number) {
    pollers.push(...(await inWaves(count, () => new PollingClient(port))));
  },
  close: () => {
    for (const client of [...sockets, ...pollers]) client.close();
    sockets = [];
    pollers = [];
  },
  /** Two calls, so that the server may begin in between. */
  expect: (count: number) => {
    receiving = received(count);
  },
  received: () => receiving,
  exchange,
  exchangePolling,
  roundTrips,
});
