/**
 * What a Sparkplug node or device said last of each metric: by its death this becomes stale, by its next birth good again.
 * Spec: Sparkplug 3.0, tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale and its kin.
 */
import { limits } from '#contract/limits.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';

/** The death of a node or device, as the hub heard it. */
export interface Death {
  readonly receivedAtUs: number;
  /** When it was by the node's own clock: what it says after must be newer. */
  readonly atUs: number;
}

export class LastSaid {
  readonly #last = new Map<string, DecodedReading>();
  /** In force until the next birth. */
  #death: Death | undefined;
  /** Up to here its values may have been made stale: before the first death none were. */
  #staleUntilUs = -Infinity;

  /** When the message came that told of its death; undefined while it lives. */
  get deathReceivedUs(): number | undefined {
    return this.#death?.receivedAtUs;
  }

  /** Bounded by what a device may have: what is beyond it is not stored either. */
  said(readings: readonly DecodedReading[]): void {
    for (const reading of readings)
      if (this.#last.has(reading.metric) || this.#last.size < limits.seriesPerDevice)
        this.#last.set(reading.metric, reading);
  }

  /**
   * All that it said last, stale from now on. The same message, offered again, is answered alike; another one says
   * nothing new of who is dead already. What has no value is bad, not stale.
   */
  died(death: Death): DecodedReading[] {
    if (this.#death !== undefined && this.#death.receivedAtUs !== death.receivedAtUs) return [];
    this.#death = death;
    const stale: DecodedReading[] = [];
    for (const reading of this.#last.values()) {
      if (reading.value === null) continue;
      const timeUs = Math.max(death.atUs, (reading.timeUs ?? 0) + 1);
      this.#staleUntilUs = Math.max(this.#staleUntilUs, timeUs);
      stale.push({ ...reading, timeUs, quality: 'stale' });
    }
    return stale;
  }

  /**
   * @param readings of a birth: a value that has not changed since before the death keeps its old time there
   * @returns what the birth says of now, beside that
   */
  born(readings: readonly DecodedReading[], birthUs: number): DecodedReading[] {
    this.#death = undefined;
    const timeUs = Math.max(birthUs, this.#staleUntilUs + 1);
    return readings
      .filter((reading) => reading.timeUs !== undefined && reading.timeUs <= this.#staleUntilUs)
      .map((reading) => ({ ...reading, timeUs }));
  }
}
