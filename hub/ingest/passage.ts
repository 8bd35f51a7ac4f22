/**
 * One delivery on its way: appended, durable, told to the listeners, answered. One object for all of it, because tens of
 * thousands may be under way.
 */
import { TryAgainError } from '#contract/errors.ts';
import type { Reading } from '#contract/reading.ts';
import type {
  AppendListener,
  Clock,
  Counters,
  Delivery,
  IngestJournal,
  JournalBatch,
  JournalCommit,
  RawPayload,
  Settlement,
  Source,
  Timings,
  TraceNote,
  Traces,
} from '#ports';
import type { Inspected } from './inspector.ts';
import { quarantineOf } from './payload.ts';
import type { Publication, Told } from './publication.ts';
import { traceNoteOf } from './trace-note.ts';

/** The same for all deliveries. */
export interface PassageParts {
  readonly journal: IngestJournal;
  readonly publication: Publication;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly timings: Timings | undefined;
  readonly traces: Pick<Traces, 'note'> | undefined;
}

export interface Arrived {
  readonly delivery: Delivery;
  readonly arrivalUs: number;
  /** Monotonic. */
  readonly arrivedMs: number;
}

const nothing = { readings: [], events: [] } as const;
/** Names of counters, put together once and not for each delivery. */
const named = <Kind extends string>(
  kind: Kind,
): Readonly<Record<Source['edge'], `${Kind}.${Source['edge']}`>> => ({
  mqtt: `${kind}.mqtt`,
  socketio: `${kind}.socketio`,
  http: `${kind}.http`,
  influxdb: `${kind}.influxdb`,
  hub: `${kind}.hub`,
});
export const deliveriesOf = named('deliveries');
const readingsOf = named('readings');

/** Of a delivery that is not stored this time. */
export function countRefusal(counters: Counters, edge: Source['edge'], error: Error): void {
  counters.count(deliveriesOf[edge], 'not-now');
  counters.count('deliveries_not_now', error instanceof TryAgainError ? error.code : 'internal');
}

export class Passage implements AppendListener, Told {
  readonly #parts: PassageParts;
  readonly #source: Source;
  readonly #arrivedMs: number;
  readonly #inspected: Inspected;
  readonly #settlement: Settlement;
  /** Made at once: as long as thousands are under way, their readings as they came would be most of what they hold. */
  readonly #note: TraceNote | undefined;
  readonly #raw: RawPayload | undefined;
  /** The newest durable one. */
  #offset = 0;

  constructor(parts: PassageParts, arrived: Arrived, inspected: Inspected, settlement: Settlement) {
    const { delivery, arrivalUs, arrivedMs } = arrived;
    this.#parts = parts;
    this.#source = delivery.source;
    this.#arrivedMs = arrivedMs;
    this.#inspected = inspected;
    this.#settlement = settlement;
    const isOurs = parts.traces !== undefined && delivery.source.edge !== 'mqtt';
    this.#note = isOurs ? traceNoteOf(delivery, arrivalUs, inspected.rejected) : undefined;
    this.#raw = isOurs ? delivery.raw : undefined;
  }

  start(delivery: Delivery): void {
    const { journal, publication } = this.#parts;
    const { readings, events, state, rejected } = this.#inspected;
    const keeps = rejected.length > 0 && delivery.isKept !== true;
    if (readings.length + events.length > 0 || keeps) {
      const batch: JournalBatch = {
        readings,
        events,
        principal: delivery.source.principal,
        exactlyOnce: delivery.exactlyOnce,
        givesWay: delivery.givesWay,
        isUrgent: delivery.isUrgent,
        quarantine: keeps ? [quarantineOf(delivery, rejected, true)] : undefined,
      };
      return journal.enqueue(batch, this);
    }
    this.#offset = journal.head();
    if (state.length > 0) publication.add({ ...nothing, state, arrivedMs: this.#arrivedMs }, this);
    else this.told(this.#parts.clock.monotonicMs());
  }

  committed({ readingOffsets, eventOffsets, offset }: JournalCommit): void {
    const { publication, clock } = this.#parts;
    const { readings, events, state } = this.#inspected;
    this.#offset = offset;
    const fresh = withOffsets(readings, readingOffsets);
    const happened = withOffsets(events, eventOffsets);
    this.#countAccepted(readings, fresh.length);
    const isNews = fresh.length + happened.length + state.length > 0;
    const arrivedMs = this.#arrivedMs;
    if (isNews) publication.add({ readings: fresh, events: happened, state, arrivedMs }, this);
    else this.told(clock.monotonicMs());
  }

  failed(error: Error): void {
    countRefusal(this.#parts.counters, this.#source.edge, error);
    this.#settlement.refused(error);
  }

  told(nowMs: number, committedMs: number = nowMs): void {
    const { journal, counters, timings, traces } = this.#parts;
    const { readings, events, state, rejected } = this.#inspected;
    if (this.#note !== undefined) traces?.note(this.#note, this.#raw);
    counters.count(deliveriesOf[this.#source.edge], rejected.length > 0 ? 'partial' : 'accepted');
    timings?.observe('commit', (committedMs - this.#arrivedMs) / 1000);
    timings?.observe('delivery', (nowMs - this.#arrivedMs) / 1000);
    const accepted = readings.length + events.length + state.length;
    this.#settlement.accepted({ epoch: journal.epoch, offset: this.#offset, accepted, rejected });
  }

  #countAccepted(readings: readonly Reading[], fresh: number): void {
    const { counters } = this.#parts;
    const name = readingsOf[this.#source.edge];
    counters.count(name, 'stored', fresh);
    if (fresh < readings.length) counters.count(name, 'repeated', readings.length - fresh);
    let doubtful = 0;
    for (const { possibleDuplicate } of readings) if (possibleDuplicate === true) doubtful += 1;
    if (doubtful > 0) counters.count(name, 'possible-duplicate', doubtful);
  }
}

/** Gives each part its offset; repeats, which have none and are rare, are left out. */
function withOffsets<Part extends { offset: number }>(
  parts: readonly Part[],
  offsets: readonly (number | undefined)[],
): readonly Part[] {
  let repeats = 0;
  for (let index = 0; index < parts.length; index += 1) {
    const [part, offset] = [parts[index], offsets[index]];
    if (part !== undefined && offset !== undefined) part.offset = offset;
    else repeats += 1;
  }
  return repeats === 0 ? parts : parts.filter((_part, index) => offsets[index] !== undefined);
}
