/** Requests and frames as bytes, to see exactly what a server answers. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own; `status` 0 if that was cut. */
export function ask(
  port: number,
  { method = 'GET', path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        const finish = (): void =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', finish);
        response.on('error', finish);
      },
    );
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    request.on('error', () => resolve({ status: 0, headers: {}, body: '' }));
    request.end(body);
  });
}

/** How long an answer may take to begin, and how long silence must last to be its end. */
const beginMs = 3000;
const silenceMs = 100;

/** Writes bytes and returns all that comes back until the connection ends or falls silent. */
export async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    socket.setTimeout(silenceMs);
  });
  socket.on('error', () => socket.destroy());
  socket.setTimeout(beginMs, () => socket.destroy());
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

/** A WebSocket that remembers what arrived. */
export class FrameLog {
  readonly socket: WebSocket;
  readonly frames: string[] = [];
  closeCode: number | undefined;
  closeReason: string | undefined;
  readonly closed: Promise<void>;
  #wanted: { count: number; resolve: () => void } | undefined;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      this.frames.push(binary ? `binary ${data.toString('hex')}` : data.toString());
      if (this.#wanted && this.frames.length >= this.#wanted.count) this.#wanted.resolve();
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        this.closeCode = code;
        this.closeReason = reason.toString();
        resolve();
      });
    });
  }

  async opened(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  /** Resolves once so many messages came, or the connection closed. */
  async received(count: number): Promise<string[]> {
    if (this.frames.length < count) {
      await Promise.race([this.closed, new Promise<void>((resolve) => (this.#wanted = { count, resolve }))]);
    }
    return this.frames;
  }

  /** The refusal of the upgrade: its status and body. */
  static async refusal(url: string, options: ClientOptions = {}): Promise<{ status: number; body: string }> {
    const socket = new WebSocket(url, options);
    return new Promise((resolve, reject) => {
      socket.on('error', () => undefined);
      socket.on('open', () => reject(new Error('The upgrade was accepted.')));
      socket.on('unexpected-response', (_request, response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
      });
    });
  }
}
