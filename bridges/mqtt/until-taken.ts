/**
 * Towards an external broker "not now" cannot be said: without an acknowledgement it only waits. So a message is
 * offered to the hub again until it is taken; the broker's inflight window holds the rest back meanwhile.
 */
import { TryAgainError } from '#contract/errors.ts';
import type { Clock, Counters, Log } from '#ports';

export interface UntilTakenOptions {
  readonly qos: 0 | 1 | 2;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** The connection has ended: the broker will send the message again itself. */
  readonly isOver: () => boolean;
}

const unexpectedWaitMs = 1000;

/** Resolves when the message is taken, or given up: QoS 0 is shed first, and a lost connection ends the wait. */
export async function untilTaken(take: () => Promise<void>, options: UntilTakenOptions): Promise<void> {
  const { qos, clock, log, counters, isOver } = options;
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if (qos === 0) return counters.count('mqtt.dropped', 'qos0-not-now');
      const isExpected = error instanceof TryAgainError;
      if (!isExpected)
        log.error('The hub failed to take a message; it is offered again.', { why: String(error) });
      const waitMs = isExpected ? error.retryAfterMs : unexpectedWaitMs;
      await new Promise<void>((resolve) => void clock.after(waitMs, resolve));
      if (isOver()) return;
      counters.count('mqtt.retried', isExpected ? 'not-now' : 'failed');
    }
  }
}
