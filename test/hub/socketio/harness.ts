/** A server on a free port, clients for it, and the end of them all after each test. */
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  io as connect,
  type ManagerOptions,
  type Socket as ClientSocket,
  type SocketOptions,
} from 'socket.io-client';
import { WebSocket } from 'ws';
import { Server } from '#socketio';
import type { ServerOptions } from '../../../hub/socketio/options.ts';

export class Harness {
  readonly #endings: (() => unknown)[] = [];

  /** Starts a server that ends with the test. */
  async start(options: Partial<ServerOptions> = {}): Promise<Running> {
    const httpServer = createServer();
    const io = new Server(httpServer, options);
    return this.run(io, httpServer);
  }

  async run<Io extends { close(): unknown }>(io: Io, httpServer: HttpServer): Promise<Running<Io>> {
    httpServer.listen(0, '127.0.0.1');
    await once(httpServer, 'listening');
    const { port } = httpServer.address() as AddressInfo;
    this.#endings.push(() => io.close());
    return new Running(io, httpServer, port, this.#endings);
  }

  /** To be called after each test. */
  async end(): Promise<void> {
    for (const end of this.#endings.splice(0).toReversed()) await end();
  }
}

export class Running<Io = Server> {
  readonly io: Io;
  readonly httpServer: HttpServer;
  readonly url: string;
  readonly #endings: (() => unknown)[];

  constructor(io: Io, httpServer: HttpServer, port: number, endings: (() => unknown)[]) {
    this.io = io;
    this.httpServer = httpServer;
    this.url = `http://127.0.0.1:${port}`;
    this.#endings = endings;
  }

  /** The official client, over WebSocket unless said otherwise; not connected yet. */
  client(namespace = '/', options: Partial<ManagerOptions & SocketOptions> = {}): ClientSocket {
    const client = connect(this.url + namespace, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    this.#endings.push(() => client.disconnect());
    return client;
  }

  /** The official client, connected. */
  async connected(
    namespace = '/',
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<ClientSocket> {
    const client = this.client(namespace, options);
    await heard(client, 'connect');
    return client;
  }

  /** A bare WebSocket after the Engine.IO handshake. */
  async raw(): Promise<RawClient> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const raw = new RawClient(socket);
    this.#endings.push(() => socket.terminate());
    await raw.next();
    return raw;
  }
}

/** Resolves with the arguments of the next such event. */
export function heard(
  emitter: { once(name: never, listener: (...args: never[]) => void): unknown },
  name: string,
): Promise<unknown[]> {
  return new Promise((resolve) => {
    emitter.once(name as never, (...args: unknown[]) => resolve(args));
  });
}

/** Frames as they are; pings of the engine are left out. */
export class RawClient {
  readonly socket: WebSocket;
  readonly closed: Promise<unknown>;
  readonly #frames: (string | Buffer)[] = [];
  #waiting: ((frame: string | Buffer) => void) | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = once(socket, 'close');
    socket.on('message', (data: Buffer, isBinary) => {
      const frame = isBinary ? data : data.toString();
      if (frame === '2') return;
      if (this.#waiting === undefined) this.#frames.push(frame);
      else this.#waiting(frame);
      this.#waiting = undefined;
    });
  }

  send(...frames: (string | Buffer)[]): void {
    for (const frame of frames) this.socket.send(frame);
  }

  next(): Promise<string | Buffer> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Joins a namespace and returns the answer. */
  async join(packet = '40'): Promise<string> {
    this.send(packet);
    return String(await this.next());
  }
}
