/**
 * What one turn of the event loop appends, packed as it is built: one message, one buffer that changes hands.
 * Mirrors on its way back what each caller gets: offsets without holes, except for repeats.
 */
import { createHash } from 'node:crypto';
import type { TryAgainError } from '#contract/errors.ts';
import type { DeviceEvent } from '#contract/event.ts';
import type { Reading } from '#contract/reading.ts';
import type { AppendListener, JournalBatch } from '#ports';
import {
  cellsPerRow,
  type AppendMessage,
  type EventRow,
  type IdRow,
  type PacketRow,
  type QuarantineRecord,
  type SeriesRow,
  type TurnDone,
} from './messages.ts';
import { flagsOf, numberCell } from './rows.ts';
import type { StoreSeriesIndex } from './series-index.ts';

interface Caller {
  readonly readings: number;
  readonly events: number;
  readonly listener: AppendListener;
}

/** A turn often is one reading, and thousands of them may wait. */
const firstRows = 4;
const none: readonly (number | undefined)[] = [];

export class Turn {
  readonly #series: StoreSeriesIndex;
  readonly #callers: Caller[] = [];
  readonly #texts: string[] = [];
  readonly #newSeries = new Map<number, SeriesRow>();
  readonly #events: EventRow[] = [];
  readonly #packets: PacketRow[] = [];
  readonly #ids: IdRow[] = [];
  readonly #quarantine: QuarantineRecord[] = [];
  #rows = new Float64Array(firstRows * cellsPerRow);
  #count = 0;
  /** What it holds in memory, about. */
  bytes = 0;

  constructor(series: StoreSeriesIndex) {
    this.#series = series;
  }

  get count(): number {
    return this.#count;
  }

  /** What its texts take on disk, about. */
  get textBytes(): number {
    return this.#texts.reduce((sum, text) => sum + text.length, 0);
  }

  /** @param listener hears of the commit that this turn becomes a part of */
  add(
    batch: JournalBatch,
    listener: AppendListener,
    { atMs, bytes }: { readonly atMs: number; readonly bytes: number },
  ): void {
    const rows = { from: this.#count, to: this.#count + batch.readings.length };
    for (const reading of batch.readings) this.#addReading(reading);
    const events = { from: this.#events.length, to: this.#events.length + batch.events.length };
    for (const event of batch.events) this.#addEvent(event);
    for (const item of batch.quarantine ?? []) this.#quarantine.push({ ...item, at: atMs });
    this.#addIds(batch, rows.from, events.from);
    if (batch.exactlyOnce !== undefined) {
      const { clientId: client, packetId: packet } = batch.exactlyOnce;
      this.#packets.push({ client, packet, fingerprint: fingerprintOf(batch), rows, events });
    }
    this.bytes += bytes;
    this.#callers.push({ readings: batch.readings.length, events: batch.events.length, listener });
  }

  toMessage(turn: number): AppendMessage {
    return {
      kind: 'append',
      turn,
      count: this.#count,
      rows: this.#rows,
      texts: this.#texts,
      series: [...this.#newSeries.values()],
      events: this.#events,
      packets: this.#packets,
      ids: this.#ids,
      quarantine: this.#quarantine,
    };
  }

  /** Tells every caller its offsets, in order. */
  done({ first, head, repeatedRows, repeatedEvents }: TurnDone): void {
    this.#series.saved([...this.#newSeries.values()]);
    const rows = new Set(repeatedRows);
    const events = new Set(repeatedEvents);
    let offset = first;
    let row = 0;
    let event = 0;
    for (const caller of this.#callers) {
      const readingOffsets: (number | undefined)[] = [];
      for (let index = 0; index < caller.readings; index += 1, row += 1)
        readingOffsets.push(rows.size > 0 && rows.has(row) ? undefined : offset++);
      const eventOffsets: (number | undefined)[] | undefined = caller.events === 0 ? undefined : [];
      for (let index = 0; index < caller.events; index += 1, event += 1)
        eventOffsets?.push(events.size > 0 && events.has(event) ? undefined : offset++);
      caller.listener.committed({ readingOffsets, eventOffsets: eventOffsets ?? none, offset: head });
    }
  }

  failed(error: TryAgainError): void {
    for (const caller of this.#callers) caller.listener.failed(error);
  }

  #addReading(reading: Reading): void {
    const cell = this.#count * cellsPerRow;
    if (cell === this.#rows.length) this.#grow();
    const id = this.#series.add(reading, reading.line);
    const unsaved = this.#series.unsaved(id);
    if (unsaved !== undefined) this.#newSeries.set(id, unsaved);
    const rows = this.#rows;
    rows[cell] = id;
    rows[cell + 1] = reading.timeUs;
    rows[cell + 2] = flagsOf(reading);
    rows[cell + 3] =
      typeof reading.value === 'string' ? this.#texts.push(reading.value) - 1 : numberCell(reading.value);
    this.#count += 1;
  }

  #addEvent(event: DeviceEvent): void {
    const { group, device, name, timeUs: time, stampedBy } = event;
    const flags = flagsOf({ value: null, quality: 'good', stampedBy });
    const data = JSON.stringify(event.data);
    this.#events.push({ row: this.#count, group, device, name, time, data, flags });
  }

  #grow(): void {
    this.#rows = new Float64Array(this.#rows.buffer.transfer(this.#rows.byteLength * 4));
  }

  /** A sender's id is unique for the principal and what it is for; a pack under one id counts its parts. */
  #addIds(batch: JournalBatch, firstRow: number, firstEvent: number): void {
    if (!batch.readings.some(hasId) && !batch.events.some(hasId)) return;
    const parts = new Map<string, number>();
    const keyOf = (what: string, id: string): string => {
      const key = `${batch.principal}\n${what}\n${id}`;
      const part = parts.get(key) ?? 0;
      parts.set(key, part + 1);
      return part === 0 ? key : `${key}\n${part}`;
    };
    batch.readings.forEach((reading, index) => {
      if (reading.id === undefined) return;
      const key = keyOf(`reading ${this.#series.add(reading)}`, reading.id);
      this.#ids.push({ key, row: firstRow + index });
    });
    batch.events.forEach((event, index) => {
      if (event.id === undefined) return;
      const key = keyOf(`event ${event.group}/${event.device}`, event.id);
      this.#ids.push({ key, event: firstEvent + index });
    });
  }
}

function hasId({ id }: { readonly id?: string | undefined }): boolean {
  return id !== undefined;
}

/** The same for every retransmission: without the times that the hub stamped. */
function fingerprintOf({ readings, events }: JournalBatch): string {
  const parts = [
    readings.map(({ group, device, metric, tags, value, stampedBy, timeUs }) => [
      [group, device, metric, tags, value],
      stampedBy === 'device' ? timeUs : undefined,
    ]),
    events.map(({ group, device, name, data, stampedBy, timeUs }) => [
      [group, device, name, data],
      stampedBy === 'device' ? timeUs : undefined,
    ]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
