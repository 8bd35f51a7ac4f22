/** The way over Socket.IO, with the official client: `telemetry` and `event` with acks, `command` answered by its ack. */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { DeviceToHub, HubToDevice, ReceiptAnswer } from '#contract/events.ts';
import type { Refusal } from '#contract/errors.ts';
import { readCommand, telemetryPayload } from '../dialects/signalbox.ts';
import type { DeviceIdentity, DeviceMessage } from '../messages.ts';
import { ackTimeoutMs, connectTimeoutMs } from './connector.ts';
import type { Connection, ConnectionListener, Connector, Outcome } from './connector.ts';

export interface SocketIoTarget {
  /** `http://host:port`, without a path. */
  readonly url: string;
  readonly token: string | undefined;
}

type DeviceSocket = Socket<HubToDevice, DeviceToHub>;
type Answer<T> = (T & { readonly ok: true }) | Refusal;

export function socketIoConnector(target: SocketIoTarget, device: DeviceIdentity): Connector {
  return { connect: (listener) => open(target, device, listener) };
}

async function open(
  target: SocketIoTarget,
  device: DeviceIdentity,
  listener: ConnectionListener,
): Promise<Connection> {
  const socket: DeviceSocket = io(`${target.url}/${device.group}`, {
    auth: { ...(target.token === undefined ? {} : { token: target.token }), device: device.device },
    transports: ['websocket'],
    // One connection per device, as real ones have; connecting again is the device link's.
    forceNew: true,
    reconnection: false,
    timeout: connectTimeoutMs,
  });
  try {
    await connected(socket);
    socket.on('command', (message, ack) => {
      const command = readCommand(message);
      if (command !== undefined) ack(listener.onCommand(command));
    });
    socket.once('disconnect', (reason) => listener.onLost(`the Socket.IO connection ended: ${reason}`));
    const state = { device: device.device, description: device.description as never };
    const described = await socket.timeout(ackTimeoutMs).emitWithAck('reported', state);
    if (!described.ok) throw new Error(described.error.message);
    return new SocketIoConnection(socket, device.device);
  } catch (error) {
    socket.disconnect();
    throw error;
  }
}

class SocketIoConnection implements Connection {
  readonly #socket: DeviceSocket;
  readonly #device: string;

  constructor(socket: DeviceSocket, device: string) {
    this.#socket = socket;
    this.#device = device;
  }

  async send(message: DeviceMessage): Promise<Outcome> {
    if (message.type === 'result') return { kind: 'unspoken' };
    // With a timeout the client also rejects what a cut leaves unanswered.
    const patient = this.#socket.timeout(ackTimeoutMs);
    if (message.type === 'telemetry') {
      const payload = { device: this.#device, ...telemetryPayload(message) };
      return outcomeOf(await patient.emitWithAck('telemetry', payload));
    }
    const { ts, name, data, id } = message;
    const event = { device: this.#device, name, data, id, ...(ts === undefined ? {} : { ts }) };
    return outcomeOf(await patient.emitWithAck('event', event));
  }

  async close(): Promise<void> {
    this.abort();
  }

  abort(): void {
    this.#socket.off('disconnect');
    this.#socket.disconnect();
  }
}

function outcomeOf(answer: Answer<ReceiptAnswer>): Outcome {
  if (answer.ok) {
    const rejection = answer.rejected[0];
    return rejection === undefined ? { kind: 'acknowledged' } : { kind: 'refused', code: rejection.code };
  }
  const { code, retryAfterMs } = answer.error;
  return retryAfterMs === undefined ? { kind: 'refused', code } : { kind: 'again', afterMs: retryAfterMs };
}

function connected(socket: DeviceSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
}
