/**
 * Whether one device can be reached. A held connection says so by itself; without one, readings and the device's own
 * status are signs of life, and silence makes it stale. Pure: the caller brings the time.
 */
import type { Presence } from '#contract/device.ts';

/** What was on its way when a device left does not bring it back. */
const trailingMs = 2000;

export interface Instant {
  /** Epoch ms, for people. */
  readonly wallMs: number;
  /** For durations: does not jump. */
  readonly monotonicMs: number;
}

export class DevicePresence {
  #presence: Presence;
  #since: number;
  #lastSeen: number | undefined;
  #connections = 0;
  #heardMs = Number.NEGATIVE_INFINITY;
  #leftMs = Number.NEGATIVE_INFINITY;

  /** A restart ended every connection: who was heard before is offline until heard again. */
  constructor({ createdAt, lastSeen }: { createdAt: number; lastSeen?: number | undefined }) {
    this.#presence = lastSeen === undefined ? 'unknown' : 'offline';
    this.#since = lastSeen ?? createdAt;
    this.#lastSeen = lastSeen;
  }

  get presence(): Presence {
    return this.#presence;
  }

  /** Epoch ms of the last change. */
  get since(): number {
    return this.#since;
  }

  /** Epoch ms of the last sign of life. */
  get lastSeen(): number | undefined {
    return this.#lastSeen;
  }

  /** Each of these answers whether the presence changed. */
  connected(now: Instant): boolean {
    this.#connections += 1;
    return this.#alive(now);
  }

  disconnected(now: Instant): boolean {
    this.#connections -= 1;
    if (this.#connections > 0) return false;
    return this.#left(now);
  }

  /** The device, or its will, says so itself. */
  said(presence: 'online' | 'offline', now: Instant): boolean {
    return presence === 'online' ? this.#alive(now) : this.#left(now);
  }

  /** Something of the device was committed. */
  heard(now: Instant): boolean {
    if (this.#connections === 0 && now.monotonicMs - this.#leftMs < trailingMs) return false;
    return this.#alive(now);
  }

  /** Silent for `silenceMs` without a connection: no longer known to be there. */
  silent(now: Instant, silenceMs: number): boolean {
    if (this.#presence !== 'online' || this.#connections > 0) return false;
    if (now.monotonicMs - this.#heardMs < silenceMs) return false;
    return this.#become('stale', now);
  }

  #alive(now: Instant): boolean {
    this.#heardMs = now.monotonicMs;
    this.#lastSeen = now.wallMs;
    return this.#become('online', now);
  }

  #left(now: Instant): boolean {
    this.#leftMs = now.monotonicMs;
    return this.#become('offline', now);
  }

  #become(presence: Presence, now: Instant): boolean {
    if (this.#presence === presence) return false;
    this.#presence = presence;
    this.#since = now.wallMs;
    return true;
  }
}
