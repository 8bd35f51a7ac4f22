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
import type { DeviceRow } from './device-row.ts';

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
  readonly lastSeen?: number | undefined;
  readonly present?: PresenceRecord | undefined;
  /** Monotonic: the time before, in which nobody listened, is nobody's silence. */
  readonly startedMs?: number | undefined;
}

/** Kept by nobody: what it knows lies in the row. */
export class DevicePresence {
  readonly #row: DeviceRow;

  constructor(row: DeviceRow) {
    this.#row = row;
  }

  /** What is not known of the last life of the hub was offline since it was last seen. */
  start({ lastSeen, present, startedMs = 0 }: PresenceStart): this {
    const row = this.#row;
    row.presence = present?.presence ?? (lastSeen === undefined ? 'unknown' : 'offline');
    row.since = present?.since ?? lastSeen ?? row.createdAt;
    row.was = row.presence;
    row.lastSeen = lastSeen;
    row.heardMs = Number.NEGATIVE_INFINITY;
    row.quietSinceMs = startedMs;
    row.cameMs = Number.NEGATIVE_INFINITY;
    row.leftMs = Number.NEGATIVE_INFINITY;
    row.rhythmMs = present?.rhythmMs ?? 0;
    row.learnt = present?.rhythmMs === undefined ? 0 : learntAfter;
    row.naps = present?.naps ?? 0;
    return this;
  }

  get presence(): Presence {
    return this.#row.presence;
  }

  /** Epoch ms of the last change. */
  get since(): number {
    return this.#row.since;
  }

  /** What it was before the last change. */
  get was(): Presence {
    return this.#row.was;
  }

  /** Epoch ms of the last sign of life. */
  get lastSeen(): number | undefined {
    return this.#row.lastSeen;
  }

  /** Learnt; undefined while it is not known well enough. */
  get rhythmMs(): number | undefined {
    return this.#row.learnt < learntAfter ? undefined : Math.round(this.#row.rhythmMs);
  }

  get sleeps(): boolean {
    return this.#row.naps >= sleepsAfter;
  }

  record(): PresenceRecord {
    const { rhythmMs } = this;
    return {
      presence: this.#row.presence,
      since: this.#row.since,
      ...(rhythmMs !== undefined && { rhythmMs }),
      ...(this.#row.naps > 0 && { naps: this.#row.naps }),
    };
  }

  /** Each of these answers whether the presence changed. */
  connected(now: Instant): boolean {
    this.#row.connections += 1;
    if (this.#row.connections === 1) this.#row.cameMs = now.monotonicMs;
    return this.#alive(now);
  }

  disconnected(now: Instant): boolean {
    this.#row.connections -= 1;
    if (this.#row.connections > 0) return false;
    return this.#left(now);
  }

  /** The device, or its will, says so itself. */
  said(presence: 'online' | 'offline', now: Instant): boolean {
    if (presence === 'offline') return this.#left(now);
    if (this.#row.presence !== 'online' || this.#row.isNapping) this.#row.cameMs = now.monotonicMs;
    return this.#alive(now);
  }

  /** Something of the device was committed. */
  heard(now: Instant): boolean {
    if (this.#row.connections === 0 && now.monotonicMs - this.#row.leftMs < trailingMs) return false;
    this.#learn(now.monotonicMs - this.#row.heardMs);
    this.#row.heardMs = now.monotonicMs;
    return this.#alive(now);
  }

  /** Another device is this one from now on, with the connections that it holds. */
  absorb(other: DevicePresence, now: Instant): void {
    this.#row.connections += other.#row.connections;
    this.#row.lastSeen = Math.max(this.#row.lastSeen ?? 0, other.#row.lastSeen ?? 0) || undefined;
    this.#row.quietSinceMs = Math.max(this.#row.quietSinceMs, other.#row.quietSinceMs);
    if (other.#row.presence === 'online') this.#become('online', now);
  }

  /** @param givenMs the rhythm as a person says it is, if somebody does */
  silent(now: Instant, givenMs?: number): boolean {
    const toleratedMs = this.#toleratedMs(givenMs);
    const quietMs = now.monotonicMs - this.#row.quietSinceMs;
    if (quietMs < toleratedMs) return false;
    if (this.#row.presence === 'online') {
      if (this.#row.isNapping) this.#row.naps -= 1;
      this.#row.isNapping = false;
      return this.#become('stale', now);
    }
    const isGone =
      this.#row.presence === 'stale' && this.#row.connections === 0 && quietMs >= goneAfter * toleratedMs;
    return isGone && this.#become('offline', now);
  }

  /** Who holds a connection and has no rhythm may be as silent as it likes. */
  #toleratedMs(givenMs: number | undefined): number {
    const rhythmMs = givenMs ?? this.rhythmMs;
    if (rhythmMs !== undefined) return Math.max(shortestSilenceMs, toleratedRhythms * rhythmMs);
    return this.#row.connections > 0 ? Number.POSITIVE_INFINITY : limits.presenceSilenceMs;
  }

  #learn(intervalMs: number): void {
    if (intervalMs < burstMs || intervalMs === Number.POSITIVE_INFINITY) return;
    const bounded = Math.min(intervalMs, limits.presenceIntervalMs);
    if (this.#row.learnt === 0) this.#row.rhythmMs = bounded;
    else if (bounded > this.#row.rhythmMs) this.#row.rhythmMs = Math.min(bounded, 2 * this.#row.rhythmMs);
    else this.#row.rhythmMs += (bounded - this.#row.rhythmMs) * forgetting;
    this.#row.learnt = Math.min(this.#row.learnt + 1, learntAfter);
  }

  #alive(now: Instant): boolean {
    const wasAwayMs = now.monotonicMs - this.#row.quietSinceMs;
    if (this.#row.isNapping && wasAwayMs < this.#toleratedMs(undefined))
      this.#row.naps = Math.min(this.#row.naps + 1, sleepsAfter);
    this.#row.isNapping = false;
    this.#row.quietSinceMs = now.monotonicMs;
    this.#row.lastSeen = now.wallMs;
    return this.#become('online', now);
  }

  #left(now: Instant): boolean {
    this.#row.leftMs = now.monotonicMs;
    const visitMs = now.monotonicMs - this.#row.cameMs;
    this.#row.isNapping = visitMs < (this.rhythmMs ?? 0);
    if (!this.#row.isNapping) this.#row.naps = 0;
    // It has always come back: whether it does again is a matter of time.
    if (this.sleeps && this.#row.presence === 'online') return false;
    return this.#become('offline', now);
  }

  #become(presence: Presence, now: Instant): boolean {
    if (this.#row.presence === presence) return false;
    this.#row.was = this.#row.presence;
    this.#row.presence = presence;
    this.#row.since = now.wallMs;
    return true;
  }
}
