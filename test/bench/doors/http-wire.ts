/** One keep-alive connection that POSTs over a bare socket. HTTP/1.1. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Wire } from '../support/pipelined-load.ts';

export interface HttpPost {
  readonly path: string;
  readonly token: string;
  readonly type: string;
  /** Of the request of this number. */
  readonly bodyOf: (index: number) => string;
}

const statusLine = /^HTTP\/1\.1 (\d{3})/;
const lengthLine = /\r\ncontent-length: (\d+)\r\n/i;

export class HttpWire implements Wire {
  readonly socket: Socket;
  readonly #head: string;
  readonly #bodyOf: (index: number) => string;
  #sent = 0;
  #rest = '';

  static async connect(port: number, post: HttpPost): Promise<HttpWire> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new HttpWire(socket, post);
  }

  private constructor(socket: Socket, { path, token, type, bodyOf }: HttpPost) {
    this.socket = socket;
    this.#bodyOf = bodyOf;
    this.#head = `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\n`;
  }

  next(): Buffer {
    const body = this.#bodyOf((this.#sent += 1));
    return Buffer.from(`${this.#head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  answers(bytes: Buffer): number {
    this.#rest += bytes.toString('latin1');
    for (let count = 0; ; count += 1) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end === -1) return count;
      const status = Number(statusLine.exec(this.#rest)?.[1]);
      if (!(status >= 200 && status < 300)) throw new Error(`Refused: ${this.#rest}`);
      const length = Number(lengthLine.exec(this.#rest.slice(0, end + 2))?.[1] ?? 0);
      if (this.#rest.length < end + 4 + length) return count;
      this.#rest = this.#rest.slice(end + 4 + length);
    }
  }
}
