/** Why the last connections ended: a ring that never grows, for the question "why was I disconnected?". */
import type { SessionEnd } from './session-host.ts';
import type { Session } from './session.ts';

export interface CloseRecord {
  readonly sessionId: string;
  readonly reason: string;
  readonly description: unknown;
  readonly transport: string;
  /** How long the session lived. */
  readonly ageMs: number;
  /** What was never sent. */
  readonly bufferedBytes: number;
  /** The last one measured; undefined if there was none. */
  readonly roundTripMs: number | undefined;
  readonly closedAt: Date;
}

/** What is remembered of a session that ends now. */
export function closeRecord(
  session: Session,
  { reason, description, bufferedBytes }: SessionEnd,
  nowMs: number,
): CloseRecord {
  return {
    sessionId: session.id,
    reason,
    description,
    transport: session.transport.name,
    ageMs: nowMs - session.openedAtMs,
    bufferedBytes,
    roundTripMs: session.roundTripMs,
    closedAt: new Date(),
  };
}

export class CloseLog {
  readonly #capacity: number;
  readonly #records: CloseRecord[] = [];
  #oldest = 0;

  constructor(capacity = 100) {
    this.#capacity = capacity;
  }

  add(record: CloseRecord): void {
    if (this.#records.length < this.#capacity) {
      this.#records.push(record);
      return;
    }
    this.#records[this.#oldest] = record;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }

  /** The records, oldest first. */
  toArray(): CloseRecord[] {
    return [...this.#records.slice(this.#oldest), ...this.#records.slice(0, this.#oldest)];
  }
}
