/** A real MQTT broker in the test's own process, on a free port of 127.0.0.1. */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Aedes } from 'aedes';

export interface Heard {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
}

export class TestBroker {
  readonly heard: Heard[] = [];
  readonly #aedes: Aedes;
  readonly #server;
  readonly #sockets = new Set<Socket>();
  /** When set, only this password opens a connection. */
  password: string | undefined;

  private constructor(aedes: Aedes) {
    this.#aedes = aedes;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
  }

  static async start(): Promise<TestBroker> {
    const broker = new TestBroker(await Aedes.createBroker());
    broker.#aedes.authenticate = (_client, _username, password, done) => {
      done(null, broker.password === undefined || password?.toString() === broker.password);
    };
    broker.#aedes.on('publish', ({ topic, payload, qos, retain }, client) => {
      if (client !== null || !topic.startsWith('$SYS'))
        broker.heard.push({ topic, payload: payload.toString(), qos, retain });
    });
    await new Promise<void>((resolve) => broker.#server.listen(0, '127.0.0.1', resolve));
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  on(topic: string): readonly Heard[] {
    return this.heard.filter((message) => message.topic === topic);
  }

  publish(topic: string, payload: string): Promise<void> {
    const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false } as const;
    return new Promise((resolve, reject) =>
      this.#aedes.publish(packet, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** Cuts every connection, as a crash would. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
  }
}
