/** Commands on their way to devices and back. Types only. */
import type { Principal } from '../contract/access.ts';
import type { CommandAnswer, CommandMessage, CommandRecord, CommandRequest } from '../contract/command.ts';

/** The way to one device over one edge. */
export interface Link {
  readonly edge: 'mqtt' | 'socketio';
  /**
   * Hands the command to the device. Resolves with the device's answer if the edge has one, with `undefined` when it
   * was sent and the answer comes later through `Commands.answer`. Rejects if it could not be sent.
   */
  deliver(command: CommandMessage, signal: AbortSignal): Promise<CommandAnswer | undefined>;
}

export interface Commands {
  /** Resolves when the command is durable. Sending starts at once. @throws {RequestError} */
  send(
    group: string,
    request: CommandRequest,
    principal: Principal,
    address?: string,
  ): Promise<CommandRecord>;
  /** The final state, or the present one after `waitMs`. */
  settled(group: string, id: string, waitMs: number): Promise<CommandRecord>;
  /** A device's answer that came by itself: `…/commands/<id>/result`. False: no such open command of this device. */
  answer(group: string, device: string, id: string, answer: CommandAnswer): Promise<boolean>;
  /** The device can be reached this way; call the returned function when it cannot any more. */
  attach(group: string, device: string, link: Link): () => void;
  get(group: string, id: string): Promise<CommandRecord | undefined>;
  list(
    group: string,
    query: { readonly device?: string | undefined; readonly limit: number },
  ): Promise<readonly CommandRecord[]>;
  /** Every transition, after it is durable. */
  onTransition(listener: (command: CommandRecord) => void): void;
  close(): Promise<void>;
}
