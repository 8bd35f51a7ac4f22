/**
 * A wire between two programs that a test can cut: refuse, reset, swallow (half-open), delay, and carry
 * only so much. Loopback only.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `half-open`: connections stand and are taken, but no byte arrives any more, in neither direction. */
export type Wire = 'whole' | 'refused' | 'half-open';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export class TcpProxy implements AsyncDisposable {
  readonly port: number;
  /** Milliseconds that each piece waits, in each direction. */
  latencyMs = 0;
  /** What the wire carries towards those who connected; what is above waits in the kernel, as it does in routers. */
  bytesPerSecond = Number.POSITIVE_INFINITY;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #target: { readonly host: string; readonly port: number };
  #wire: Wire = 'whole';
  #accepted = 0;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.#target = addressOf(target);
    server.on('connection', (near) => this.#join(near));
  }

  /** @param target where connections lead, as a URL with a port: `http://127.0.0.1:8086` */
  static async start(target: string): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, new URL(target));
  }

  /** The target's URL with the proxy's port. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Where new connections lead from now on: a server that came back on another port. */
  set target(url: string) {
    this.#target = addressOf(new URL(url));
  }

  /** New connections are refused, standing ones end in an orderly way. */
  cut(): void {
    this.#wire = 'refused';
    for (const { near, far } of this.#pairs) {
      near.end();
      far.end();
    }
  }

  /** Standing connections break with RST; new ones are as the wire is. */
  reset(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** From now on nothing passes and nobody is told. */
  freeze(): void {
    this.#wire = 'half-open';
    for (const { near, far } of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  /** New connections pass again. What stood while frozen breaks: its bytes are long lost. */
  mend(): void {
    if (this.#wire === 'half-open') this.reset();
    this.#wire = 'whole';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.reset();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(near: Socket): void {
    this.#accepted += 1;
    near.on('error', () => {}); // the peers see it as the end of the connection
    if (this.#wire === 'refused') return void near.resetAndDestroy();
    const far = connect(this.#target);
    far.on('error', () => near.resetAndDestroy());
    const pair: Pair = { near, far };
    this.#pairs.add(pair);
    const part = (): void => {
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('close', part);
    far.on('close', () => near.destroySoon());
    if (this.#wire === 'half-open') return;
    this.#pass(near, far);
    this.#carry(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    from.on('data', (bytes) => this.#later(() => to.write(bytes)));
    from.on('end', () => this.#later(() => to.end()));
    from.resume();
  }

  #carry(from: Socket, to: Socket): void {
    this.#pass(from, to);
    from.on('data', ({ length }) => {
      if (this.bytesPerSecond === Number.POSITIVE_INFINITY) return;
      from.pause();
      this.#after((length / this.bytesPerSecond) * 1000, () => {
        if (this.#wire !== 'half-open') from.resume();
      });
    });
  }

  /** In order: timers of one delay fire in the order they were set. */
  #later(send: () => void): void {
    if (this.latencyMs === 0) return send();
    this.#after(this.latencyMs, send);
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

function addressOf({ hostname, port }: URL): { readonly host: string; readonly port: number } {
  return { host: hostname, port: Number(port) };
}
