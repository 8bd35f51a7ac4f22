/**
 * Towards an external broker "not now" cannot be said: without an acknowledgement it only waits. So a message is
 * offered to the hub again until it is taken; the broker's inflight window holds the rest back meanwhile.
 */
import { TryAgainError } from '#contract/errors.ts';
import type { Clock, Counters, Log } from '#ports';
import type { Acknowledgement } from './meaning.ts';

export interface UntilTakenOptions {
  readonly qos: 0 | 1 | 2;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** The connection has ended: the broker will send the message again itself. */
  readonly isOver: () => boolean;
}

const unexpectedWaitMs = 1000;

/**
 * Offers the message until it is taken, or given up: QoS 0 is shed first, and a lost connection ends the wait.
 * @param done is called once, then
 */
export function untilTaken(
  offer: (acknowledgement: Acknowledgement) => void,
  options: UntilTakenOptions,
  done: () => void,
): void {
  const { qos, clock, log, counters, isOver } = options;
  const failed = (error: unknown): void => {
    const isExpected = error instanceof TryAgainError;
    if (!isExpected)
      log.error('The hub failed to take a message; it is offered again.', { why: String(error) });
    if (qos === 0) {
      counters.count('mqtt.dropped', 'qos0-not-now');
      return done();
    }
    clock.after(isExpected ? error.retryAfterMs : unexpectedWaitMs, () => {
      if (isOver()) return done();
      counters.count('mqtt.retried', isExpected ? 'not-now' : 'failed');
      untilTaken(offer, options, done);
    });
  };
  offer({ taken: done, failed });
}
