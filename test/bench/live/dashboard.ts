/**
 * A dashboard on a bare TCP socket: speaks as little WebSocket and Socket.IO as it must, so that two hundred of them
 * cost less than the server. Counts frames, bytes and readings; parses only where somebody listens.
 * Specs: RFC 6455 section 5.2, Socket.IO protocol v5.
 */
import { connect, type Socket } from 'node:net';
import { maskedFrame, upgradeHead } from '../socketio/frames.ts';

export interface DashboardTarget {
  readonly port: number;
  /** The CONNECT packet: `40` for `/`, `40/group,{"token":"…"}` for a namespace. */
  readonly connect: string;
  /** Events with an acknowledgement each, all sent once connected. */
  readonly ask: readonly string[];
  /** How frames with readings begin; what else comes is only added to the bytes. */
  readonly readings: string;
  /** A character that each reading has once. */
  readonly mark: string;
}

export interface Counts {
  /** Frames with readings. */
  readonly frames: number;
  readonly bytes: number;
  /** The target's `mark` in the frames with readings: from it follows how many came, without parsing. */
  readonly marks: number;
}

const upgrade = `${upgradeHead}\r\n\r\n`;
const pong = maskedFrame('3');
const openDigit = 0x30;
const pingDigit = 0x32;

export class Dashboard {
  /** Resolves when every question is answered. */
  readonly ready: Promise<void>;
  /** Called for each frame that comes after that, with its text. */
  onText: ((text: string) => void) | undefined;
  readonly #socket: Socket;
  readonly #ask: readonly string[];
  readonly #connect: string;
  readonly #readings: string;
  readonly #mark: number;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  /** Answers to CONNECT and to every question that are due. */
  #unanswered: number;
  #isUpgraded = false;
  #rest: Buffer | undefined;
  #frames = 0;
  #bytes = 0;
  #marks = 0;

  constructor({ port, connect: connectPacket, ask, readings, mark }: DashboardTarget) {
    this.#connect = connectPacket;
    this.#readings = readings;
    this.#mark = mark.charCodeAt(0);
    this.#ask = ask;
    this.#unanswered = ask.length + 1;
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.write(upgrade);
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#reject(error));
    this.#socket.on('close', () => this.#reject(new Error('The server closed the connection.')));
  }

  get counts(): Counts {
    return { frames: this.#frames, bytes: this.#bytes, marks: this.#marks };
  }

  close(): void {
    this.#reject = () => undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    if (!this.#isUpgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end === -1) return void (this.#rest = data);
      this.#isUpgraded = true;
      data = data.subarray(end + 4);
    }
    let at = 0;
    while (at + 2 <= data.length) {
      const short = (data[at + 1] as number) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + head > data.length) break;
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : data.readUInt32BE(at + 6);
      const end = at + head + length;
      if (end > data.length) break;
      this.#frame(data, at + head, end, end - at);
      at = end;
    }
    if (at < data.length) this.#rest = data.subarray(at);
  }

  #frame(data: Buffer, start: number, end: number, bytes: number): void {
    const digit = data[start];
    if (digit === pingDigit && end - start === 1) return void this.#socket.write(pong);
    if (digit === openDigit) return void this.#socket.write(maskedFrame(this.#connect));
    if (this.#unanswered > 0) return this.#answered(data.toString('utf8', start, end));
    this.#bytes += bytes;
    if (this.onText !== undefined) this.onText(data.toString('utf8', start, end));
    if (data.toString('latin1', start, start + this.#readings.length) !== this.#readings) return;
    this.#frames += 1;
    for (let at = start; at < end; at += 1) if (data[at] === this.#mark) this.#marks += 1;
  }

  /** The answer to CONNECT or to a question; what else comes meanwhile is not counted. */
  #answered(text: string): void {
    const isAnswer = text.startsWith('40') || text.startsWith('43');
    if (text.startsWith('44') || (isAnswer && text.includes('"ok":false')))
      return this.#reject(new Error(`Refused: ${text.slice(0, 300)}`));
    if (!isAnswer) return;
    if (text.startsWith('40')) for (const question of this.#ask) this.#socket.write(maskedFrame(question));
    this.#unanswered -= 1;
    if (this.#unanswered === 0) this.#resolve();
  }
}
