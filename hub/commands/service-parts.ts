/** What the command service stands on. */
import type { CommandRecord } from '#contract/command.ts';
import type { AuditStore, Clock, CommandStore, Counters, Directory, Log, Timings } from '#ports';

export type Names = Pick<Directory, 'namesOf' | 'resolve'>;
export const asTheyAre: Names = { resolve: (name) => name, namesOf: (name) => [name] };

export interface CommandServiceParts {
  readonly store: CommandStore;
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** How long commands take from the request to their final state. */
  readonly timings: Timings;
  readonly random: (bytes: number) => Uint8Array;
  /** Devices that have other names now; absent: none has. */
  readonly names?: Names | undefined;
  /** Hears of every transition, those of taking up what a former life left open too. */
  readonly told?: ((command: CommandRecord) => void) | undefined;
}
