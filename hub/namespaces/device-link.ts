/**
 * The way to a device over Socket.IO: a `command` whose acknowledgement is the device's answer, and `desired`, which it
 * answers by reporting.
 */
import type { CommandAnswer, CommandMessage } from '#contract/command.ts';
import type { HubToDevice } from '#contract/events.ts';
import type { DesiredMessage } from '#contract/device.ts';
import type { Link, TwinLink } from '#ports';
import type { Socket } from '#socketio';
import { parseAnswer } from './requests.ts';

/** The command service knows the deadline; this only keeps the acknowledgement from waiting for ever. */
const graceMs = 1000;

export class DeviceLink implements Link, TwinLink {
  readonly edge = 'socketio';
  readonly #socket: Socket;
  readonly #device: string;

  constructor(socket: Socket, device: string) {
    this.#socket = socket;
    this.#device = device;
  }

  async desire(desired: DesiredMessage): Promise<void> {
    if (!this.#socket.connected) throw new Error('The device has left.');
    const message: Parameters<HubToDevice['desired']>[0] = { ...desired, device: this.#device };
    this.#socket.emit('desired', message);
  }

  deliver(command: CommandMessage, signal: AbortSignal): Promise<CommandAnswer | undefined> {
    if (!this.#socket.connected) return Promise.reject(new Error('The device has left.'));
    const answered = Promise.withResolvers<CommandAnswer | undefined>();
    // Whether the device ran it is not known then: the deadline decides.
    const noAnswer = (): void => answered.resolve(undefined);
    signal.addEventListener('abort', noAnswer, { once: true });
    const message: Parameters<HubToDevice['command']>[0] = { ...command, device: this.#device };
    this.#socket
      .timeout(command.ttlMs + graceMs)
      .emit('command', message, (error: Error | null, answer: unknown) => {
        signal.removeEventListener('abort', noAnswer);
        answered.resolve(error ? undefined : parseAnswer(answer));
      });
    return answered.promise;
  }
}
