/** Commands on their way to devices and back. Types only. */
import type { Principal } from '../contract/access.ts';
import type { CommandAnswer, CommandMessage, CommandRecord, CommandRequest } from '../contract/command.ts';
import type { CommittedReading } from '../contract/reading.ts';
import type { Committed } from './ingest.ts';
import type { CommandQuery } from './store.ts';

/**
 * What a device shows when it has done what it was told, for devices that never answer a command: the telemetry that
 * confirms it. Shown before the deadline the command has `succeeded`; otherwise it is `expired` with `not-confirmed`.
 */
export interface Confirmation {
  /** The ids of the device's metrics to look at, as they are committed. */
  readonly metrics: readonly string[];
  /**
   * Asked for each reading of these metrics that is committed from the moment of sending on, in order; never for a
   * retained replay, which shows what was. `undefined`: this one says nothing yet. `{ ok: false, error }`: the device
   * shows that it refused, and the command has `failed`. Pure and quick: it runs while others wait for their views.
   */
  judge(reading: CommittedReading): CommandAnswer | undefined;
}

/** The way to one device over one edge. */
export interface Link {
  readonly edge: 'mqtt' | 'socketio';
  /**
   * Hands the command to the device. Resolves with the device's answer if the edge has one, with `undefined` when it
   * was sent and the answer comes later through `Commands.answer`. Rejects if it could not be sent.
   */
  deliver(command: CommandMessage, signal: AbortSignal): Promise<CommandAnswer | undefined>;
  /**
   * Asked just before `deliver`: what confirms this command. Absent or undefined: the device answers by itself. An
   * answer counts, too, if it comes before the confirmation.
   */
  confirmation?(command: CommandMessage): Confirmation | undefined;
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
  /** From ingest: what confirms the commands of devices that do not answer. */
  seen(committed: Committed): void;
  /** The device can be reached this way; call the returned function when it cannot any more. */
  attach(group: string, device: string, link: Link): () => void;
  get(group: string, id: string): Promise<CommandRecord | undefined>;
  list(group: string, query: CommandQuery): Promise<readonly CommandRecord[]>;
  /**
   * Takes back a command that still waits for its device.
   * @throws {RequestError} 404; 409 `already-sent`: what is on its way cannot be taken back
   */
  cancel(group: string, id: string): Promise<CommandRecord>;
  /** Every transition, after it is durable. */
  onTransition(listener: (command: CommandRecord) => void): void;
  close(): Promise<void>;
}
