/**
 * Lets handshakes in at a rate the server can bear: when all clients return at once, most are told to come later,
 * which costs next to nothing. Spec: RFC 9110, 503 with Retry-After.
 */
import type { IncomingMessage } from 'node:http';
import type { Admission as AdmissionOption } from './options.ts';
import { errors } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import { TokenBucket } from './token-bucket.ts';

const defaultRetryAfterSeconds = 5;

export class Admission {
  readonly #waitSeconds: (request: IncomingMessage) => number;
  #closed = false;

  constructor(option: AdmissionOption | undefined, nowMs: () => number) {
    this.#waitSeconds = option === undefined ? () => 0 : waitFunction(option, nowMs);
  }

  /** Admits nobody from now on. */
  close(): void {
    this.#closed = true;
  }

  refusalOf(request: IncomingMessage): Refusal | undefined {
    const seconds = this.#closed ? defaultRetryAfterSeconds : this.#waitSeconds(request);
    if (seconds <= 0) return undefined;
    return {
      code: errors.FORBIDDEN,
      context: { name: 'NOT_ADMITTED', message: 'Try again later' },
      status: 503,
      headers: { 'Retry-After': String(Math.ceil(seconds)) },
    };
  }
}

function waitFunction(option: AdmissionOption, nowMs: () => number): (request: IncomingMessage) => number {
  if (typeof option === 'function') return option;
  const { perSecond, burst = perSecond, retryAfterSeconds = defaultRetryAfterSeconds } = option;
  const bucket = new TokenBucket(perSecond, burst, nowMs());
  return () => (bucket.take(1, nowMs()) ? 0 : retryAfterSeconds);
}
