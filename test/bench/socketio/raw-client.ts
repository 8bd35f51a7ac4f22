/**
 * A Socket.IO client on a bare TCP socket: does as little as possible, so that the load costs less than the server.
 */
import { connect, type Socket } from 'node:net';
import { maskedFrame, upgradeHead } from './frames.ts';

const upgrade = [
  upgradeHead,
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Accept: */*',
  'Accept-Language: en-US,en;q=0.5',
  'Accept-Encoding: gzip, deflate, br',
  'Origin: http://bench',
  'Pragma: no-cache',
  'Cache-Control: no-cache',
].join('\r\n');
const deflate = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';

const connectFrame = maskedFrame('40');
const pongFrame = maskedFrame('3');
const ping = 0x32;

export class RawSocketIoClient {
  readonly #socket: Socket;
  /** Called for each frame that is no ping, once connected. */
  onFrame: () => void = () => undefined;
  readonly connected: Promise<void>;
  #resolveConnected: () => void = () => undefined;
  #rest: Buffer | undefined;
  #state: 'http' | 'open' | 'connect' | 'events' = 'http';

  constructor(port: number, compressed = false) {
    this.connected = new Promise((resolve) => {
      this.#resolveConnected = resolve;
    });
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.write(`${upgrade}\r\n${compressed ? `${deflate}\r\n` : ''}\r\n`);
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', () => undefined);
  }

  send(frames: Buffer): void {
    this.#socket.write(frames);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    if (this.#state === 'http') {
      const end = data.indexOf('\r\n\r\n');
      if (end === -1) {
        this.#rest = data;
        return;
      }
      this.#state = 'open';
      data = data.subarray(end + 4);
    }
    let at = 0;
    while (at + 2 <= data.length) {
      const short = (data[at + 1] as number) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + head > data.length) break;
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : data.readUInt32BE(at + 6);
      if (at + head + length > data.length) break;
      this.#frame(data[at + head] as number, length);
      at += head + length;
    }
    if (at < data.length) this.#rest = data.subarray(at);
  }

  #frame(firstByte: number, length: number): void {
    if (firstByte === ping && length === 1) {
      this.#socket.write(pongFrame);
    } else if (this.#state === 'events') {
      this.onFrame();
    } else if (this.#state === 'open') {
      this.#state = 'connect';
      this.#socket.write(connectFrame);
    } else {
      this.#state = 'events';
      this.#resolveConnected();
    }
  }
}
