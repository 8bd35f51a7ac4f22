/** One Socket.IO connection that emits `telemetry` with an acknowledgement, over a bare socket. Engine.IO 4, WebSocket only. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { maskedFrame, upgradeHead } from '../socketio/frames.ts';
import { openSocket, type Wire } from '../support/pipelined-load.ts';

const upgrade = `${upgradeHead}\r\n\r\n`;
const ping = '2';

export class SocketIoWire implements Wire {
  readonly socket: Socket;
  readonly #group: string;
  readonly #payloadOf: (index: number) => string;
  #sent = 0;
  #rest = Buffer.alloc(0);

  static async connect(
    port: number,
    login: { group: string; token: string; payloadOf: (index: number) => string },
  ): Promise<SocketIoWire> {
    const { socket, answer } = await openSocket(port, upgrade);
    const wire = new SocketIoWire(socket, login);
    wire.#rest = Buffer.from(answer.subarray(answer.indexOf('\r\n\r\n') + 4));
    socket.write(maskedFrame(`40/${login.group},${JSON.stringify({ token: login.token })}`));
    for (let isIn = false; !isIn;) {
      const texts = wire.#texts((await once(socket, 'data'))[0] as Buffer);
      isIn = texts.some((text) => text.startsWith('40'));
      if (texts.some((text) => text.startsWith('44'))) throw new Error('The login was refused.');
    }
    return wire;
  }

  private constructor(
    socket: Socket,
    { group, payloadOf }: { readonly group: string; readonly payloadOf: (index: number) => string },
  ) {
    this.socket = socket;
    this.#group = group;
    this.#payloadOf = payloadOf;
  }

  next(): Buffer {
    const id = (this.#sent += 1);
    return maskedFrame(`42/${this.#group},${id}["telemetry",${this.#payloadOf(id)}]`);
  }

  answers(bytes: Buffer): number {
    let count = 0;
    for (const text of this.#texts(bytes)) {
      if (text === ping) this.socket.write(maskedFrame('3'));
      else if (text.startsWith('43')) {
        if (!text.includes('"ok":true')) throw new Error(`Refused: ${text}`);
        count += 1;
      }
    }
    return count;
  }

  /** The texts of all frames that are complete; the server does not mask them. */
  #texts(bytes: Buffer): readonly string[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const texts: string[] = [];
    let at = 0;
    while (at + 4 <= all.length || (at + 2 <= all.length && ((all[at + 1] ?? 0) & 0x7f) < 126)) {
      const short = (all[at + 1] ?? 0) & 0x7f;
      const start = at + (short < 126 ? 2 : 4);
      const length = short < 126 ? short : all.readUInt16BE(at + 2);
      if (start + length > all.length) break;
      texts.push(all.toString('utf8', start, start + length));
      at = start + length;
    }
    this.#rest = Buffer.from(all.subarray(at));
    return texts;
  }
}
