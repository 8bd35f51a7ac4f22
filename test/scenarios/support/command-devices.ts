/**
 * Devices that obey commands and write down what they ran and when. They keep to the contract: what arrives after its
 * deadline they refuse. Some answer at once, some later, some never.
 */
import mqtt, { type MqttClient } from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import type { CommandAnswer, CommandMessage } from '#contract/command.ts';

export interface Run {
  readonly id: string;
  readonly atMs: number;
  readonly deadline: number;
}

export interface CommandDevice {
  readonly name: string;
  readonly ran: readonly Run[];
  /** Commands that arrived after their deadline, and were refused. */
  readonly refused: readonly string[];
  readonly isThere: () => boolean;
  /** Goes away for a while, or comes back. */
  leave(): void;
  comeBack(): void;
  close(): Promise<void>;
}

interface Target {
  readonly url: string;
  readonly token: string;
  readonly group: string;
  readonly name: string;
}

const late: CommandAnswer = { ok: false, error: { code: 'late', message: 'The deadline has passed.' } };

/** What was run, and how the device answers: `undefined` = never. */
class Workbench {
  readonly ran: Run[] = [];
  readonly refused: string[] = [];

  /** @param answer may be called twice: accepted, then done */
  take({ id, name, deadline }: CommandMessage, answer: (answer: CommandAnswer) => void): void {
    const atMs = Date.now();
    if (atMs > deadline) {
      this.refused.push(id);
      return answer(late);
    }
    this.ran.push({ id, atMs, deadline });
    if (name === 'silent') return;
    if (name === 'broken') return answer({ ok: false, error: { code: 'broken', message: 'It is broken.' } });
    if (name === 'slow') setTimeout(() => answer({ ok: true, result: { id } }), 150);
    else answer({ ok: true, result: { id } });
  }
}

export function socketIoDevice({ url, token, group, name }: Target): CommandDevice {
  const bench = new Workbench();
  const socket: Socket = io(`${url}/${group}`, {
    auth: { token, device: name },
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
  });
  socket.on('command', (message: CommandMessage, ack: (answer: CommandAnswer) => void) =>
    bench.take(message, ack),
  );
  return {
    name,
    ran: bench.ran,
    refused: bench.refused,
    isThere: () => socket.connected,
    leave: () => void socket.disconnect(),
    comeBack: () => void socket.connect(),
    close: async () => void socket.disconnect(),
  };
}

export async function mqttDevice({ url, token, group, name }: Target): Promise<CommandDevice> {
  const bench = new Workbench();
  const commands = `signalbox/${group}/${name}/commands`;
  const client: MqttClient = mqtt.connect(url, {
    username: 'x',
    password: token,
    clientId: name,
    reconnectPeriod: 50,
  });
  client.on('error', () => {}); // a hub that is being killed
  client.on('connect', () => client.subscribe(`${commands}/+`));
  client.on('message', (topic, payload) => {
    const message = JSON.parse(payload.toString('utf8')) as CommandMessage;
    bench.take(message, (answer) => {
      if (client.connected) client.publish(`${topic}/result`, JSON.stringify(answer), { qos: 1 });
    });
  });
  return {
    name,
    ran: bench.ran,
    refused: bench.refused,
    isThere: () => client.connected,
    leave: () => void client.end(true),
    comeBack: () => void client.reconnect(),
    close: () => client.endAsync(true),
  };
}
