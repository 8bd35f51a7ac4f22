/**
 * The pings of one session and what their pongs tell. Packets are answered in order, so a pong says that everything
 * sent before its ping was read; nothing else does: what the kernel took may wait there, and in the network, for long.
 * Spec: Engine.IO protocol v4, "Heartbeat".
 */
import type { Heartbeat, Heartbeating } from './heartbeat.ts';

export class Pulse {
  /** Milliseconds from the last ping to its pong; undefined before the first. */
  roundTripMs: number | undefined = undefined;
  /** Sent over transports that were left. */
  earlierBytes = 0;
  readonly #heartbeat: Heartbeat;
  readonly #session: Heartbeating;
  #pingedAtMs = 0;
  #extended = false;
  #bytesAtPing = 0;
  #confirmedBytes = 0;

  constructor(heartbeat: Heartbeat, session: Heartbeating) {
    this.#heartbeat = heartbeat;
    this.#session = session;
  }

  /** How long the ping under way has waited, in milliseconds; undefined if none is. */
  get ageMs(): number | undefined {
    return this.isAwaited ? this.#heartbeat.nowMs() - this.#pingedAtMs : undefined;
  }

  get isAwaited(): boolean {
    return this.#heartbeat.isAwaitingPong(this.#session);
  }

  /** @param sentBytes over the present transport. @returns those of the session that no pong has confirmed yet */
  unconfirmedBytes(sentBytes: number): number {
    return this.earlierBytes + sentBytes - this.#confirmedBytes;
  }

  pinged(sentBytes: number): void {
    this.#pingedAtMs = this.#heartbeat.nowMs();
    this.#extended = false;
    this.#bytesAtPing = this.earlierBytes + sentBytes;
  }

  ponged(): void {
    if (this.isAwaited) {
      this.roundTripMs = this.#heartbeat.nowMs() - this.#pingedAtMs;
      this.#confirmedBytes = this.#bytesAtPing;
    }
    this.#heartbeat.schedulePing(this.#session);
  }

  /** Any packet is a sign of life, but only one per ping puts the deadline off. */
  heard(): void {
    if (this.#extended || !this.isAwaited) return;
    this.#extended = true;
    this.#heartbeat.extend(this.#session);
  }
}
