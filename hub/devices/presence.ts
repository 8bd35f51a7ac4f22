/**
 * Whether one device can be reached, and since when. Pure: the caller brings the time.
 *
 * A connection, or the device's own word, says so at once. Beyond that every device has a rhythm, learnt from what it
 * sends: silence is too long when it is a few times as long as the rhythm, whether it holds a connection or not. A device
 * that keeps leaving after a short visit and returns in its rhythm sleeps: it is not gone when it leaves, only when it
 * does not return.
 */
import type { Presence, PresenceRecord } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';

/** What was on its way when a device left does not bring it back. */
const trailingMs = 2000;
/** What follows sooner belongs to the same sign of life. */
const burstMs = 1000;
/** A rhythm is believed from so many intervals on. */
const learntAfter = 3;
/** How fast a rhythm gets faster again; slower ones are taken at once, but at most doubled: an outage is no rhythm. */
const forgetting = 0.05;
/** So many rhythms of silence are too many… */
const toleratedRhythms = 3;
const shortestSilenceMs = 60_000;
/** …and so many times that silence means that it is gone. */
const goneAfter = 4;
/** Returns in rhythm after a short visit, until a device is known to sleep. */
const sleepsAfter = 2;

export interface Instant {
  /** Epoch ms, for people. */
  readonly wallMs: number;
  /** For durations: does not jump. */
  readonly monotonicMs: number;
}

export interface PresenceStart {
  readonly createdAt: number;
  readonly lastSeen?: number | undefined;
  readonly present?: PresenceRecord | undefined;
  /** Monotonic: the time before, in which nobody listened, is nobody's silence. */
  readonly startedMs?: number | undefined;
}

export class DevicePresence {
  #presence: Presence;
  #since: number;
  #was: Presence;
  #lastSeen: number | undefined;
  #connections = 0;
  /** Of the last sign of life; negative infinity until the first of this life of the hub. */
  #heardMs = Number.NEGATIVE_INFINITY;
  #quietSinceMs: number;
  #cameMs = Number.NEGATIVE_INFINITY;
  #leftMs = Number.NEGATIVE_INFINITY;
  #rhythmMs: number;
  #learnt: number;
  #naps: number;
  #isNapping = false;

  /** What is not known of the last life of the hub was offline since it was last seen. */
  constructor({ createdAt, lastSeen, present, startedMs = 0 }: PresenceStart) {
    this.#presence = present?.presence ?? (lastSeen === undefined ? 'unknown' : 'offline');
    this.#since = present?.since ?? lastSeen ?? createdAt;
    this.#was = this.#presence;
    this.#lastSeen = lastSeen;
    this.#quietSinceMs = startedMs;
    this.#rhythmMs = present?.rhythmMs ?? 0;
    this.#learnt = present?.rhythmMs === undefined ? 0 : learntAfter;
    this.#naps = present?.naps ?? 0;
  }

  get presence(): Presence {
    return this.#presence;
  }

  /** Epoch ms of the last change. */
  get since(): number {
    return this.#since;
  }

  /** What it was before the last change. */
  get was(): Presence {
    return this.#was;
  }

  /** Epoch ms of the last sign of life. */
  get lastSeen(): number | undefined {
    return this.#lastSeen;
  }

  /** Learnt; undefined while it is not known well enough. */
  get rhythmMs(): number | undefined {
    return this.#learnt < learntAfter ? undefined : Math.round(this.#rhythmMs);
  }

  get sleeps(): boolean {
    return this.#naps >= sleepsAfter;
  }

  record(): PresenceRecord {
    const { rhythmMs } = this;
    return {
      presence: this.#presence,
      since: this.#since,
      ...(rhythmMs !== undefined && { rhythmMs }),
      ...(this.#naps > 0 && { naps: this.#naps }),
    };
  }

  /** Each of these answers whether the presence changed. */
  connected(now: Instant): boolean {
    this.#connections += 1;
    if (this.#connections === 1) this.#cameMs = now.monotonicMs;
    return this.#alive(now);
  }

  disconnected(now: Instant): boolean {
    this.#connections -= 1;
    if (this.#connections > 0) return false;
    return this.#left(now);
  }

  /** The device, or its will, says so itself. */
  said(presence: 'online' | 'offline', now: Instant): boolean {
    if (presence === 'offline') return this.#left(now);
    if (this.#presence !== 'online' || this.#isNapping) this.#cameMs = now.monotonicMs;
    return this.#alive(now);
  }

  /** Something of the device was committed. */
  heard(now: Instant): boolean {
    if (this.#connections === 0 && now.monotonicMs - this.#leftMs < trailingMs) return false;
    this.#learn(now.monotonicMs - this.#heardMs);
    this.#heardMs = now.monotonicMs;
    return this.#alive(now);
  }

  /** Another device is this one from now on, with the connections that it holds. */
  absorb(other: DevicePresence, now: Instant): void {
    this.#connections += other.#connections;
    this.#lastSeen = Math.max(this.#lastSeen ?? 0, other.#lastSeen ?? 0) || undefined;
    this.#quietSinceMs = Math.max(this.#quietSinceMs, other.#quietSinceMs);
    if (other.#presence === 'online') this.#become('online', now);
  }

  /** @param givenMs the rhythm as a person says it is, if somebody does */
  silent(now: Instant, givenMs?: number): boolean {
    const toleratedMs = this.#toleratedMs(givenMs);
    const quietMs = now.monotonicMs - this.#quietSinceMs;
    if (quietMs < toleratedMs) return false;
    if (this.#presence === 'online') {
      if (this.#isNapping) this.#naps -= 1;
      this.#isNapping = false;
      return this.#become('stale', now);
    }
    const isGone =
      this.#presence === 'stale' && this.#connections === 0 && quietMs >= goneAfter * toleratedMs;
    return isGone && this.#become('offline', now);
  }

  /** Who holds a connection and has no rhythm may be as silent as it likes. */
  #toleratedMs(givenMs: number | undefined): number {
    const rhythmMs = givenMs ?? this.rhythmMs;
    if (rhythmMs !== undefined) return Math.max(shortestSilenceMs, toleratedRhythms * rhythmMs);
    return this.#connections > 0 ? Number.POSITIVE_INFINITY : limits.presenceSilenceMs;
  }

  #learn(intervalMs: number): void {
    if (intervalMs < burstMs || intervalMs === Number.POSITIVE_INFINITY) return;
    const bounded = Math.min(intervalMs, limits.presenceIntervalMs);
    if (this.#learnt === 0) this.#rhythmMs = bounded;
    else if (bounded > this.#rhythmMs) this.#rhythmMs = Math.min(bounded, 2 * this.#rhythmMs);
    else this.#rhythmMs += (bounded - this.#rhythmMs) * forgetting;
    this.#learnt = Math.min(this.#learnt + 1, learntAfter);
  }

  #alive(now: Instant): boolean {
    const wasAwayMs = now.monotonicMs - this.#quietSinceMs;
    if (this.#isNapping && wasAwayMs < this.#toleratedMs(undefined))
      this.#naps = Math.min(this.#naps + 1, sleepsAfter);
    this.#isNapping = false;
    this.#quietSinceMs = now.monotonicMs;
    this.#lastSeen = now.wallMs;
    return this.#become('online', now);
  }

  #left(now: Instant): boolean {
    this.#leftMs = now.monotonicMs;
    const visitMs = now.monotonicMs - this.#cameMs;
    this.#isNapping = visitMs < (this.rhythmMs ?? 0);
    if (!this.#isNapping) this.#naps = 0;
    // It has always come back: whether it does again is a matter of time.
    if (this.sleeps && this.#presence === 'online') return false;
    return this.#become('offline', now);
  }

  #become(presence: Presence, now: Instant): boolean {
    if (this.#presence === presence) return false;
    this.#was = this.#presence;
    this.#presence = presence;
    this.#since = now.wallMs;
    return true;
  }
}
