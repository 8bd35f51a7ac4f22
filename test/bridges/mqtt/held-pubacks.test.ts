import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { generate, parser, type IPublishPacket, type Packet } from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { HeldPubacks } from '../../../bridges/mqtt/held-pubacks.ts';
import { until } from './fakes.ts';

let server: Server | undefined;
let client: MqttClient | undefined;
afterEach(async () => {
  client?.end(true);
  await new Promise((resolve) => server?.close(resolve));
});

/** A broker of a few lines: accepts one client, sends what the test says, keeps the ids of the PUBACKs. */
async function startBroker(): Promise<{
  acks: number[];
  publish(...ids: number[]): void;
  port: number;
  hangUp(): void;
}> {
  const acks: number[] = [];
  let connection: Socket | undefined;
  server = createServer((socket) => {
    connection = socket;
    const parse = parser({ protocolVersion: 4 });
    parse.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect')
        socket.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
      if (packet.cmd === 'puback') acks.push(packet.messageId ?? 0);
      if (packet.cmd === 'pingreq') socket.write(generate({ cmd: 'pingresp' }));
    });
    socket.on('data', (chunk: Buffer) => parse.parse(chunk));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const publish = (...ids: number[]): void => {
    const packets = ids.map((messageId): IPublishPacket => ({
      cmd: 'publish',
      topic: 't',
      payload: 'x',
      qos: 1,
      dup: false,
      retain: false,
      messageId,
    }));
    connection?.write(Buffer.concat(packets.map((packet) => generate(packet))));
  };
  return { acks, publish, port, hangUp: () => connection?.destroy() };
}

/** Connects; every message waits until the test calls its entry in `durable`. */
async function connectHolding(
  port: number,
): Promise<{ held: HeldPubacks; durable: (() => void)[]; ping: () => Promise<void> }> {
  const connected = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  client = connected;
  const held = new HeldPubacks(connected);
  const durable: (() => void)[] = [];
  connected.on('message', (_topic, _payload, { messageId }) => void durable.push(held.hold(messageId ?? 0)));
  return { held, durable, ping: () => pingBy(connected) };
}

describe('held PUBACKs', () => {
  test('leave in the order of the messages, each only after its own is durable and all before it', async () => {
    const broker = await startBroker();
    const { held, durable, ping } = await connectHolding(broker.port);
    broker.publish(11, 12, 13);
    // All three are handed over although none is acknowledged: that is the pipelining.
    await until(() => durable.length === 3);
    durable[1]?.();
    durable[2]?.();
    await ping();
    expect(broker.acks).toEqual([]);
    durable[0]?.();
    await until(() => broker.acks.length === 3);
    expect(broker.acks).toEqual([11, 12, 13]);
    await held.empty();
  });

  test('are a crowd before a broker with a window of twenty stops sending', async () => {
    const broker = await startBroker();
    const { held, durable } = await connectHolding(broker.port);
    broker.publish(...Array.from({ length: 9 }, (_, index) => index + 1));
    await until(() => durable.length === 9);
    expect(held.isCrowded).toBe(false);
    broker.publish(10);
    await until(() => durable.length === 10);
    expect(held.isCrowded).toBe(true);
  });

  test('are forgotten with their connection', async () => {
    const broker = await startBroker();
    const { held, durable } = await connectHolding(broker.port);
    broker.publish(11);
    await until(() => durable.length === 1);
    broker.hangUp();
    await held.empty();
    expect(held.isClosed).toBe(true);
    durable[0]?.();
    expect(broker.acks).toEqual([]);
  });

  test('need a client that sends its packets through `_sendPacket`: an upgrade that does not is refused', () => {
    expect(() => new HeldPubacks({} as MqttClient)).toThrow(/upgraded/);
  });
});

/** A round trip: whatever was sent before has arrived. */
async function pingBy(through: MqttClient): Promise<void> {
  const answered = new Promise<void>((resolve) => {
    through.on('packetreceive', (packet) => packet.cmd === 'pingresp' && resolve());
  });
  through.sendPing();
  await answered;
}
