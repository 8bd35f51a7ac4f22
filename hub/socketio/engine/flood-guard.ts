/** What one client may send: packets and bytes per second, each with a burst of two seconds' worth. */
import type { FloodLimits } from './options.ts';
import { TokenBucket } from './token-bucket.ts';

const burstSeconds = 2;

export type FloodReason = 'packet rate exceeded' | 'byte rate exceeded';

export class FloodGuard {
  readonly #packets: TokenBucket | undefined;
  readonly #bytes: TokenBucket | undefined;

  constructor({ packetsPerSecond, bytesPerSecond }: FloodLimits, nowMs: number) {
    this.#packets = bucketOf(packetsPerSecond, nowMs);
    this.#bytes = bucketOf(bytesPerSecond, nowMs);
  }

  /** Why a packet is one too many; undefined if it is not. */
  objectionTo(bytes: number, nowMs: number): FloodReason | undefined {
    if (this.#packets?.take(1, nowMs) === false) return 'packet rate exceeded';
    if (this.#bytes?.take(bytes, nowMs) === false) return 'byte rate exceeded';
    return undefined;
  }
}

function bucketOf(perSecond: number | undefined, nowMs: number): TokenBucket | undefined {
  return perSecond === undefined ? undefined : new TokenBucket(perSecond, perSecond * burstSeconds, nowMs);
}
