/** The way to a device over Socket.IO: a `command` whose acknowledgement is the device's answer. */
import type { CommandAnswer, CommandMessage } from '#contract/command.ts';
import type { HubToDevice } from '#contract/events.ts';
import type { Link } from '#ports';
import type { Socket } from '#socketio';
import { parseAnswer } from './requests.ts';

/** The command service knows the deadline; this only keeps the acknowledgement from waiting for ever. */
const graceMs = 1000;

export class DeviceLink implements Link {
  readonly edge = 'socketio';
  readonly #socket: Socket;
  readonly #device: string;

  constructor(socket: Socket, device: string) {
    this.#socket = socket;
    this.#device = device;
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
