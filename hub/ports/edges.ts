/** What listens or connects. Types only. */
import type { EdgeStatus } from '../contract/status.ts';

/** Something that listens or connects, and says how it is. */
export interface Edge {
  start(): Promise<void>;
  stop(): Promise<void>;
  status(): EdgeStatus;
}
