/** When to stop: Ctrl-C, a polite kill, a closed terminal, a parent that went away, or a time that is up. */

/** The part of `process` that says so. */
export interface Interruptible {
  on(event: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'disconnect', listener: () => void): unknown;
  /** To the parent, if it wants one. */
  readonly channel?: { unref(): void } | null | undefined;
}

/** @param afterMs stops by itself then */
export function stopSignal(source: Interruptible, afterMs?: number): AbortSignal {
  const stop = new AbortController();
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
    source.on(event, () => stop.abort());
  // Listening for the parent's end must not keep us from our own.
  source.channel?.unref();
  if (afterMs !== undefined) setTimeout(() => stop.abort(), afterMs).unref();
  return stop.signal;
}

/** Resolves when it is time to stop. */
export function stopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}
