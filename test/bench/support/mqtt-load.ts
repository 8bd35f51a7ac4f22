/** A load of QoS 1 publishes over bare sockets. MQTT 3.1.1. */
import type { Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import { openSocket, runLoad, type LoadResult, type LoadShape, type Wire } from './pipelined-load.ts';

export interface PublishLoad extends LoadShape {
  readonly port: number;
  readonly clients: number;
  readonly password?: string | undefined;
  /** For the client of this number. */
  readonly topicOf: (client: number) => string;
}

const [connackBytes, pubackBytes] = [4, 4];
const mostIds = 65_535;

export async function publishLoad(load: PublishLoad): Promise<LoadResult> {
  const wires = await Promise.all(
    Array.from({ length: load.clients }, (_, index) =>
      MqttWire.connect(load.port, { topic: load.topicOf(index), password: load.password, id: index }),
    ),
  );
  const result = await runLoad(wires, load);
  for (const { socket } of wires) socket.destroy();
  return result;
}

export interface MqttLogin {
  readonly topic: string;
  readonly password?: string | undefined;
  /** Different for each client. */
  readonly id: number;
  /** What the message of this number holds; a plain number if absent. */
  readonly payloadOf?: ((index: number) => string) | undefined;
}

export class MqttWire implements Wire {
  readonly socket: Socket;
  readonly #head: Buffer;
  readonly #payloadOf: (index: number) => string;
  #sent = 0;
  /** Bytes of an answer that has not come completely. */
  #rest = 0;

  static async connect(port: number, login: MqttLogin): Promise<MqttWire> {
    const { password, id } = login;
    const right = password === undefined ? {} : { username: 'bench', password: Buffer.from(password) };
    const common = { protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 0 } as const;
    const hello = generate({ cmd: 'connect', clientId: `bench-${id}`, ...common, ...right });
    const { socket, answer } = await openSocket(port, hello);
    if (answer.length < connackBytes || answer[3] !== 0) throw new Error('The login was refused.');
    return new MqttWire(socket, login);
  }

  private constructor(socket: Socket, { topic, payloadOf = (index) => String(index / 8) }: MqttLogin) {
    this.socket = socket;
    this.#payloadOf = payloadOf;
    const name = Buffer.from(topic);
    this.#head = Buffer.concat([Buffer.from([name.length >> 8, name.length & 0xff]), name]);
  }

  next(): Buffer {
    const id = (this.#sent % mostIds) + 1;
    this.#sent += 1;
    const payload = this.#payloadOf(this.#sent);
    const rest = this.#head.length + 2 + Buffer.byteLength(payload);
    const start = rest < 128 ? 2 : 3;
    const packet = Buffer.allocUnsafe(start + rest);
    packet[0] = 0x32;
    if (rest < 128) packet[1] = rest;
    else {
      packet[1] = (rest & 0x7f) | 0x80;
      packet[2] = rest >> 7;
    }
    this.#head.copy(packet, start);
    packet.writeUInt16BE(id, start + this.#head.length);
    packet.write(payload, start + this.#head.length + 2);
    return packet;
  }

  /** Nothing but PUBACKs comes. */
  answers(bytes: Buffer): number {
    const all = this.#rest + bytes.length;
    this.#rest = all % pubackBytes;
    return Math.floor(all / pubackBytes);
  }
}
