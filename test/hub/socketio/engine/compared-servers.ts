/** The same requests to this engine and to npm `engine.io`, and what each answered. */
import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Server as OfficialServer } from 'engine.io';
import type { ClientOptions } from 'ws';
import { Server as EngineServer } from '../../../../hub/socketio/engine/index.ts';
import { ask, exchange, FrameLog } from './raw-client.ts';
import type { RawAnswer, RawRequest } from './raw-client.ts';

/** What both servers' sessions can do. */
export interface ComparedSession extends EventEmitter {
  readonly readyState: string;
  send(data: unknown, options?: { compress?: boolean }): unknown;
  close(discard?: boolean): void;
}

interface ComparedEngine extends EventEmitter {
  generateId: (request: IncomingMessage) => string | PromiseLike<string>;
  attach(server: HttpServer, options?: object): void;
  use(
    middleware: (
      request: IncomingMessage,
      response: ServerResponse,
      next: (error?: unknown) => void,
    ) => unknown,
  ): void;
  close(): unknown;
}

export type Query = Record<string, string>;

export class ComparedServer {
  readonly engine: ComparedEngine;
  readonly #http: HttpServer;
  /** What was raised: refusals with their contexts, closes with their reasons. */
  readonly log: unknown[] = [];

  private constructor(engine: ComparedEngine, http: HttpServer) {
    this.engine = engine;
    this.#http = http;
    engine.on(
      'connection_error',
      ({ code, message, context }: { code: number; message: string; context: object }) => {
        const { error, ...rest } = context as { error?: Error };
        this.log.push(['connection_error', code, message, rest, error?.message]);
      },
    );
  }

  static async start(which: 'ours' | 'official', options: object): Promise<ComparedServer> {
    const http = createServer((_request, response) => response.writeHead(404).end());
    const engine: ComparedEngine = which === 'ours' ? new EngineServer(options) : new OfficialServer(options);
    engine.attach(http, options);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new ComparedServer(engine, http);
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  path(query: Query = {}): string {
    return `/engine.io/?${new URLSearchParams({ EIO: '4', transport: 'polling', ...query })}`;
  }

  ask(request: RawRequest): Promise<RawAnswer> {
    return ask(this.port, request);
  }

  get(query: Query = {}, headers: Record<string, string> = {}): Promise<RawAnswer> {
    return this.ask({ path: this.path(query), headers });
  }

  post(sid: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
    return this.ask({ method: 'POST', path: this.path({ sid }), body, headers });
  }

  /** A poll that reached the server and waits there. */
  async pendingPoll(sid: string): Promise<{ answer: Promise<RawAnswer> }> {
    const arrived = once(this.#http, 'request');
    const answer = this.get({ sid });
    await arrived;
    return { answer };
  }

  /** A request that reaches the server, and whose connection is then cut. */
  async cut(bytes: string): Promise<void> {
    const arrived = once(this.#http, 'request');
    const socket = connect(this.port, '127.0.0.1');
    socket.write(bytes);
    await arrived;
    socket.destroy();
  }

  exchange(bytes: string): Promise<string> {
    return exchange(this.port, bytes);
  }

  /** An upgrade request, and the head of its answer with whatever follows. */
  async upgrade(path: string, extraHeaders = '', version = '13'): Promise<string> {
    return this.exchange(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: ${version}\r\n` +
        `Sec-WebSocket-Key: DXR4dX615eRds8nRmlhqtw==\r\n${extraHeaders}\r\n`,
    );
  }

  /** A session by polling. */
  async open(): Promise<{ sid: string; session: ComparedSession }> {
    const connection = this.#nextSession();
    const { body } = await this.get();
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    return { sid, session: await connection };
  }

  /** A session by WebSocket, its open packet received. */
  async openWebSocket(options: ClientOptions = {}): Promise<{ client: FrameLog; session: ComparedSession }> {
    const connection = this.#nextSession();
    const client = this.webSocket({}, options);
    await client.received(1);
    client.frames.shift();
    return { client, session: await connection };
  }

  webSocket(query: Query = {}, options: ClientOptions = {}): FrameLog {
    return new FrameLog(
      `ws://127.0.0.1:${this.port}${this.path({ transport: 'websocket', ...query })}`,
      options,
    );
  }

  async #nextSession(): Promise<ComparedSession> {
    const [session] = (await once(this.engine, 'connection')) as [ComparedSession];
    session.on('close', (reason: string) => this.log.push(['close', reason]));
    session.on('packet', ({ type, data }: { type: string; data?: unknown }) =>
      this.log.push(['packet', type, data]),
    );
    return session;
  }

  stop(): void {
    this.engine.close();
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

export interface Observation {
  readonly options?: object;
  readonly observe: (server: ComparedServer) => Promise<unknown>;
}

/** Runs one observation on both; ids and dates, which must differ, are made equal. */
export async function compare({
  options = {},
  observe,
}: Observation): Promise<{ ours: unknown; official: unknown }> {
  const results = [];
  for (const which of ['ours', 'official'] as const) {
    const server = await ComparedServer.start(which, options);
    const result = { answer: await observe(server), log: server.log };
    server.stop();
    results.push(normalised(result));
  }
  return { ours: results[0], official: results[1] };
}

function normalised(value: unknown): unknown {
  const text = JSON.stringify(value, (key, each: unknown) => (key === 'date' ? undefined : each));
  return JSON.parse(
    text.replaceAll(/Date: [^\\]*/g, 'Date').replaceAll(/(sid\\?":\\?"|(?:io|x)=)[\w-]{20}/g, '$1SID'),
  );
}
