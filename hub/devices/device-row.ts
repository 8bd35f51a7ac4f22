/**
 * The numbers of one device: a row of the tables in which those of all devices lie. Looks at them and changes them; made
 * when it is needed, and kept by nobody.
 */
import { presences, type Presence } from '#contract/device.ts';
import type { DeviceTable } from './device-table.ts';

const Time = {
  createdAt: 0,
  savedLastSeen: 1,
  since: 2,
  lastSeen: 3,
  heardMs: 4,
  quietSinceMs: 5,
  cameMs: 6,
  leftMs: 7,
  rhythmMs: 8,
} as const;
const Count = { presence: 0, was: 1, connections: 2, learnt: 3, naps: 4, isNapping: 5 } as const;

export const timesPerDevice = Object.keys(Time).length;
export const countsPerDevice = Object.keys(Count).length;

export class DeviceRow {
  readonly #table: DeviceTable;
  readonly #row: number;

  constructor(table: DeviceTable, row: number) {
    this.#table = table;
    this.#row = row;
  }

  /** Epoch ms. */
  get createdAt(): number {
    return this.#table.times.get(this.#row, Time.createdAt);
  }
  set createdAt(ms: number) {
    this.#table.times.set(this.#row, Time.createdAt, ms);
  }

  /** Epoch ms of the last sign of life that is durable. */
  get savedLastSeen(): number | undefined {
    const known = this.#table.times.get(this.#row, Time.savedLastSeen);
    return Number.isNaN(known) ? undefined : known;
  }
  set savedLastSeen(ms: number | undefined) {
    this.#table.times.set(this.#row, Time.savedLastSeen, ms ?? Number.NaN);
  }

  /** Epoch ms of the last change of presence. */
  get since(): number {
    return this.#table.times.get(this.#row, Time.since);
  }
  set since(ms: number) {
    this.#table.times.set(this.#row, Time.since, ms);
  }

  /** Epoch ms of the last sign of life. */
  get lastSeen(): number | undefined {
    const known = this.#table.times.get(this.#row, Time.lastSeen);
    return Number.isNaN(known) ? undefined : known;
  }
  set lastSeen(ms: number | undefined) {
    this.#table.times.set(this.#row, Time.lastSeen, ms ?? Number.NaN);
  }

  /** Of the last sign of life; negative infinity until the first of this life of the hub. */
  get heardMs(): number {
    return this.#table.times.get(this.#row, Time.heardMs);
  }
  set heardMs(ms: number) {
    this.#table.times.set(this.#row, Time.heardMs, ms);
  }

  get quietSinceMs(): number {
    return this.#table.times.get(this.#row, Time.quietSinceMs);
  }
  set quietSinceMs(ms: number) {
    this.#table.times.set(this.#row, Time.quietSinceMs, ms);
  }

  get cameMs(): number {
    return this.#table.times.get(this.#row, Time.cameMs);
  }
  set cameMs(ms: number) {
    this.#table.times.set(this.#row, Time.cameMs, ms);
  }

  get leftMs(): number {
    return this.#table.times.get(this.#row, Time.leftMs);
  }
  set leftMs(ms: number) {
    this.#table.times.set(this.#row, Time.leftMs, ms);
  }

  get rhythmMs(): number {
    return this.#table.times.get(this.#row, Time.rhythmMs);
  }
  set rhythmMs(ms: number) {
    this.#table.times.set(this.#row, Time.rhythmMs, ms);
  }

  get presence(): Presence {
    return presences[this.#table.counts.get(this.#row, Count.presence)] ?? 'unknown';
  }
  set presence(presence: Presence) {
    this.#table.counts.set(this.#row, Count.presence, presences.indexOf(presence));
  }

  get was(): Presence {
    return presences[this.#table.counts.get(this.#row, Count.was)] ?? 'unknown';
  }
  set was(presence: Presence) {
    this.#table.counts.set(this.#row, Count.was, presences.indexOf(presence));
  }

  get connections(): number {
    return this.#table.counts.get(this.#row, Count.connections);
  }
  set connections(count: number) {
    this.#table.counts.set(this.#row, Count.connections, count);
  }

  get learnt(): number {
    return this.#table.counts.get(this.#row, Count.learnt);
  }
  set learnt(count: number) {
    this.#table.counts.set(this.#row, Count.learnt, count);
  }

  get naps(): number {
    return this.#table.counts.get(this.#row, Count.naps);
  }
  set naps(count: number) {
    this.#table.counts.set(this.#row, Count.naps, count);
  }

  get isNapping(): boolean {
    return this.#table.counts.get(this.#row, Count.isNapping) === 1;
  }
  set isNapping(is: boolean) {
    this.#table.counts.set(this.#row, Count.isNapping, is ? 1 : 0);
  }
}
