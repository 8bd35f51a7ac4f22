/** A load of requests over bare sockets, each connection with some in flight: cheap enough to leave the hub the bottleneck. */
import { createConnection, type Socket } from 'node:net';
import { percentile } from './statistics.ts';

/** One connection that is ready to send. */
export interface Wire {
  readonly socket: Socket;
  /** The next request, as bytes. */
  next(): Buffer;
  /** How many answers these bytes complete; they come in the order of the requests. @throws {Error} a refusal */
  answers(bytes: Buffer): number;
}

export interface LoadShape {
  readonly seconds: number;
  /** Requests without an answer, per connection. */
  readonly inFlight: number;
  /** Of all connections together; absent: as many as are answered. */
  readonly perSecond?: number | undefined;
}

export interface LoadResult {
  readonly acknowledged: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How late paced requests were sent, which is in the figures above: the load's own part of them. NaN if not paced. */
  readonly lateP99Ms: number;
}

/** How often a paced connection looks at what is due. */
const paceMs = 2;

/** Sends until the time is over, then waits for what is still in flight. */
export async function runLoad(wires: readonly Wire[], shape: LoadShape): Promise<LoadResult> {
  const senders = wires.map((wire) => new Sender(wire, shape, wires.length));
  const begin = performance.now();
  // Paced ones are no choir: each has a moment of its own.
  const apartMs = shape.perSecond === undefined ? 0 : 1000 / shape.perSecond;
  await Promise.all(senders.map((sender, index) => sender.run(begin + index * apartMs)));
  const end = performance.now();
  const waits = senders.flatMap(({ waitsMs }) => waitsMs);
  const lates = senders.flatMap(({ latesMs }) => latesMs);
  return {
    acknowledged: waits.length,
    seconds: (end - begin) / 1000,
    p50Ms: percentile(waits, 0.5),
    p99Ms: percentile(waits, 0.99),
    lateP99Ms: percentile(lates, 0.99),
  };
}

/** A socket that has sent its first words and has heard the answer to them. */
export async function openSocket(
  port: number,
  firstWords: Uint8Array | string,
): Promise<{ readonly socket: Socket; readonly answer: Buffer }> {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
  socket.write(firstWords);
  const answer = await new Promise<Buffer>((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The connection was closed.')));
  });
  return { socket, answer };
}

class Sender {
  readonly waitsMs: number[] = [];
  readonly latesMs: number[] = [];
  readonly #wire: Wire;
  readonly #shape: LoadShape;
  readonly #perMs: number | undefined;
  /** When the requests in flight were sent, or were due. */
  readonly #sentMs: number[] = [];
  #first = 0;
  #sent = 0;
  #beginMs = 0;
  #done: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor(wire: Wire, shape: LoadShape, connections: number) {
    this.#wire = wire;
    this.#shape = shape;
    this.#perMs = shape.perSecond === undefined ? undefined : shape.perSecond / connections / 1000;
  }

  async run(beginMs: number): Promise<void> {
    const { socket } = this.#wire;
    const hear = (bytes: Buffer): void => this.#hear(bytes);
    const lost = (): void => this.#fail(new Error('The connection was lost.'));
    socket.on('data', hear);
    socket.once('close', lost);
    this.#beginMs = beginMs;
    const pace = this.#perMs === undefined ? undefined : setInterval(() => this.#fill(), paceMs);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#done = resolve;
        this.#fail = reject;
        this.#fill();
      });
    } finally {
      clearInterval(pace);
      socket.off('data', hear);
      socket.off('close', lost);
    }
  }

  #hear(bytes: Buffer): void {
    const nowMs = performance.now();
    try {
      for (let count = this.#wire.answers(bytes); count > 0; count -= 1) {
        this.waitsMs.push(nowMs - (this.#sentMs[this.#first] ?? nowMs));
        this.#first += 1;
      }
    } catch (error) {
      this.#fail(error as Error);
    }
    if (this.#perMs === undefined || this.#isOver(nowMs)) this.#fill();
  }

  #isOver(nowMs: number): boolean {
    return nowMs >= this.#beginMs + this.#shape.seconds * 1000;
  }

  #fill(): void {
    const nowMs = performance.now();
    const open = this.#sentMs.length - this.#first;
    if (this.#isOver(nowMs)) {
      if (open === 0) this.#done();
      return;
    }
    const room = this.#shape.inFlight - open;
    const due =
      this.#perMs === undefined ? room : Math.floor((nowMs - this.#beginMs) * this.#perMs) - this.#sent;
    const requests: Buffer[] = [];
    for (let count = Math.min(room, due); count > 0; count -= 1) {
      requests.push(this.#wire.next());
      this.#sent += 1;
      // What is late counts from when it was due.
      const dueMs = this.#perMs === undefined ? nowMs : this.#beginMs + this.#sent / this.#perMs;
      if (this.#perMs !== undefined) this.latesMs.push(nowMs - dueMs);
      this.#sentMs.push(dueMs);
    }
    if (requests.length > 0) this.#wire.socket.write(Buffer.concat(requests));
  }
}
