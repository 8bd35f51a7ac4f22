/** What listens or connects. Types only. */
import type { EdgeStatus } from '../contract/status.ts';

/** A database behind the hub that is written from the journal. */
export interface Replayable {
  /**
   * Sends everything again that the journal still has; what the database has already stays as it is.
   * @returns how many readings and events there are to look at @throws {TryAgainError}
   */
  replay(): Promise<number>;
}

/** Something that listens or connects, and says how it is. */
export interface Edge {
  start(): Promise<void>;
  stop(): Promise<void>;
  status(): EdgeStatus;
}
