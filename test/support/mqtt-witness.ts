/**
 * Stands between the hub and its broker and writes down which messages the hub acknowledged: behind an external broker
 * that PUBACK is the promise, not the one that the publisher got from the broker.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { parser, type Packet } from 'mqtt-packet';

interface Message {
  readonly topic: string;
  readonly payload: string;
}

export class MqttWitness implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * @param broker where connections lead @param acknowledged called with each message of QoS 1 at its PUBACK
   */
  static async start(broker: URL, acknowledged: (message: Message) => void): Promise<MqttWitness> {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const witness = new MqttWitness(server);
    server.on('connection', (near) =>
      witness.#join(near, connect(Number(broker.port), broker.hostname), acknowledged),
    );
    return witness;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #join(near: Socket, far: Socket, acknowledged: (message: Message) => void): void {
    const waiting = new Map<number, Message>();
    const hearBroker = (packet: Packet): void => {
      if (packet.cmd === 'publish' && packet.qos === 1)
        waiting.set(packet.messageId ?? 0, { topic: packet.topic, payload: String(packet.payload) });
    };
    let brokerReader = parser();
    const hubReader = parser().on('packet', (packet: Packet) => {
      // What the broker says is in the version that the hub asked for.
      if (packet.cmd === 'connect')
        brokerReader = parser({ protocolVersion: packet.protocolVersion ?? 4 }).on('packet', hearBroker);
      if (packet.cmd !== 'puback') return;
      const message = waiting.get(packet.messageId ?? 0);
      waiting.delete(packet.messageId ?? 0);
      if (message !== undefined) acknowledged(message);
    });
    this.#sockets.add(near).add(far);
    near.on('data', (bytes: Buffer) => {
      hubReader.parse(bytes);
      far.write(bytes);
    });
    far.on('data', (bytes: Buffer) => {
      brokerReader.parse(bytes);
      near.write(bytes);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    far.once('connect', () => near.resume());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
