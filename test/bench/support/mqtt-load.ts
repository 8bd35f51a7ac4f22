/** A load of QoS 1 publishes over bare sockets: cheap enough to leave the broker as the bottleneck. MQTT 3.1.1. */
import { createConnection, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';

export interface LoadOptions {
  readonly port: number;
  readonly clients: number;
  /** Publishes without an acknowledgement, per client. */
  readonly inFlight: number;
  readonly seconds: number;
  readonly password?: string | undefined;
  /** For the client of this number. */
  readonly topicOf: (client: number) => string;
}

export interface LoadResult {
  readonly acknowledged: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const [connackBytes, pubackBytes] = [4, 4];
const mostIds = 65_535;

export async function publishLoad(options: LoadOptions): Promise<LoadResult> {
  const { clients, seconds } = options;
  const senders = await Promise.all(
    Array.from({ length: clients }, (_, index) => Sender.connect(options, index)),
  );
  const begin = performance.now();
  const deadline = begin + seconds * 1000;
  await Promise.all(senders.map((sender) => sender.run(deadline)));
  const end = performance.now();
  for (const sender of senders) sender.close();
  const waits = senders.flatMap(({ waitsMs }) => waitsMs).toSorted((a, b) => a - b);
  const at = (share: number): number => waits[Math.floor((waits.length - 1) * share)] ?? Number.NaN;
  const acknowledged = senders.reduce((sum, sender) => sum + sender.acknowledged, 0);
  return { acknowledged, seconds: (end - begin) / 1000, p50Ms: at(0.5), p99Ms: at(0.99) };
}

class Sender {
  acknowledged = 0;
  readonly waitsMs: number[] = [];
  readonly #socket: Socket;
  readonly #inFlight: number;
  readonly #head: Buffer;
  /** When each packet id was sent. */
  readonly #sentMs = new Float64Array(mostIds + 1);
  #nextId = 1;
  #value = 0;
  #open = 0;
  #deadline = 0;
  #done: () => void = () => {};
  #rest = Buffer.alloc(0);

  static async connect({ port, password, inFlight, topicOf }: LoadOptions, index: number): Promise<Sender> {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    const login = password === undefined ? {} : { username: 'bench', password: Buffer.from(password) };
    const clientId = `bench-${index}`;
    const common = { protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 0 } as const;
    socket.write(generate({ cmd: 'connect', clientId, ...common, ...login }));
    const connack = await new Promise<Buffer>((resolve, reject) => {
      socket.once('data', (bytes: Buffer) => resolve(bytes));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('The broker closed the connection.')));
    });
    if (connack.length < connackBytes || connack[3] !== 0) throw new Error('The login was refused.');
    return new Sender(socket, inFlight, topicOf(index));
  }

  private constructor(socket: Socket, inFlight: number, topic: string) {
    this.#socket = socket;
    this.#inFlight = inFlight;
    const name = Buffer.from(topic);
    this.#head = Buffer.concat([Buffer.from([name.length >> 8, name.length & 0xff]), name]);
    socket.on('data', (bytes: Buffer) => this.#hear(bytes));
  }

  run(deadline: number): Promise<void> {
    this.#deadline = deadline;
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#fill();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const nowMs = performance.now();
    let at = 0;
    for (; at + pubackBytes <= all.length; at += pubackBytes) {
      this.waitsMs.push(nowMs - (this.#sentMs[all.readUInt16BE(at + 2)] ?? nowMs));
      this.acknowledged += 1;
      this.#open -= 1;
    }
    this.#rest = Buffer.from(all.subarray(at));
    this.#fill();
  }

  #fill(): void {
    const nowMs = performance.now();
    if (nowMs >= this.#deadline) {
      if (this.#open === 0) this.#done();
      return;
    }
    const packets: Buffer[] = [];
    while (this.#open < this.#inFlight) {
      packets.push(this.#packet(nowMs));
      this.#open += 1;
    }
    if (packets.length > 0) this.#socket.write(Buffer.concat(packets));
  }

  #packet(nowMs: number): Buffer {
    const id = this.#nextId;
    this.#nextId = id === mostIds ? 1 : id + 1;
    this.#sentMs[id] = nowMs;
    const payload = String((this.#value += 1) / 8);
    const packet = Buffer.allocUnsafe(2 + this.#head.length + 2 + payload.length);
    packet[0] = 0x32;
    packet[1] = packet.length - 2;
    this.#head.copy(packet, 2);
    packet.writeUInt16BE(id, 2 + this.#head.length);
    packet.write(payload, 4 + this.#head.length, 'latin1');
    return packet;
  }
}
