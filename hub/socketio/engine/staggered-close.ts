/** Closes many sessions a few at a time, so that their clients do not all come back at once. */
import type { EngineClock } from './heartbeat.ts';

export interface StaggerOptions {
  /** How many at a time; 50 if not said. */
  readonly batch?: number;
  /** Milliseconds between two batches; 100 if not said. */
  readonly everyMs?: number;
}

/** Resolves when the last was told to close. */
export async function closeStaggered(
  sessions: readonly { close(discard?: boolean): void }[],
  { batch = 50, everyMs = 100 }: StaggerOptions,
  clock: EngineClock,
): Promise<void> {
  for (let start = 0; start < sessions.length; start += batch) {
    if (start > 0) await new Promise<void>((resolve) => clock.after(everyMs, resolve));
    for (const session of sessions.slice(start, start + batch)) session.close();
  }
}
