/**
 * The one door into the hub. An edge hands in a delivery; when `accept` resolves, its readings are on disk, and only
 * then the edge acknowledges. Names, values and times: `validate.ts`; the hub's own times: `stamps.ts`.
 *
 * What is idempotent (ARCHITECTURE §2): a reading with its own time, an `id`, or a QoS 2 packet id. Equal values at one
 * (series, time) are one reading, different ones are both kept. A reading that the hub stamped and that is sent again
 * may appear twice; when the transport says so it is marked as a possible duplicate and counted.
 */
import { RejectedDeliveryError, TryAgainError } from '#contract/errors.ts';
import type { Reading } from '#contract/reading.ts';
import type {
  Clock,
  Committed,
  Counters,
  Delivery,
  Directory,
  InboxItem,
  InboxStore,
  Ingest,
  IngestJournal,
  JournalBatch,
  JournalCommit,
  Log,
  PacketIds,
  QuarantineItem,
  QuarantineStore,
  Receipt,
  Rejection,
  Source,
  Timings,
  Traces,
} from '#ports';
import { Inspector, type Inspected } from './inspector.ts';
import { boundedPayload, quarantineOf } from './payload.ts';
import { Publication } from './publication.ts';
import { traceNoteOf } from './trace-note.ts';

export interface IngestOptions {
  readonly journal: IngestJournal;
  readonly quarantine: Pick<QuarantineStore, 'add'>;
  readonly inbox: Pick<InboxStore, 'note'>;
  /** Whose names are taken; absent: everybody's. */
  readonly directory?: Pick<Directory, 'destination'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly timings?: Timings | undefined;
  /** What is older is not taken in, µs (default `limits.retentionUs`). */
  readonly keptUs?: (() => number) | undefined;
  /** What came over MQTT the bridge notes itself: it knows who decoded it. */
  readonly traces?: Pick<Traces, 'note'> | undefined;
  /** After the commit, in the order of offsets, before the delivery is acknowledged. Repeats are not told. */
  readonly committed: (committed: Committed) => void;
}

export class IngestDoor implements Ingest, PacketIds {
  readonly #journal: IngestJournal;
  readonly #quarantine: Pick<QuarantineStore, 'add'>;
  readonly #inbox: Pick<InboxStore, 'note'>;
  readonly #clock: Clock;
  readonly #counters: Counters;
  readonly #timings: Timings | undefined;
  readonly #traces: Pick<Traces, 'note'> | undefined;
  readonly #inspector: Inspector;
  readonly #publication: Publication;

  constructor(options: IngestOptions) {
    const { journal, quarantine, inbox, directory, clock, log, counters, committed, keptUs } = options;
    this.#journal = journal;
    this.#quarantine = quarantine;
    this.#inbox = inbox;
    this.#clock = clock;
    this.#counters = counters;
    this.#timings = options.timings;
    this.#traces = options.traces;
    this.#inspector = new Inspector(journal.series, { directory, keptUs });
    this.#publication = new Publication({ epoch: journal.epoch, committed, log, counters });
  }

  async accept(delivery: Delivery): Promise<Receipt> {
    const begin = this.#clock.monotonicMs();
    const arrivalUs = delivery.receivedAtUs ?? this.#clock.nowUs();
    const inspected = this.#inspector.inspect(delivery, arrivalUs);
    const { readings, events, state, rejected } = inspected;
    const accepted = readings.length + events.length + state.length;
    for (const { code } of rejected) this.#counters.count('readings_rejected', code);
    if (accepted === 0 && rejected.length > 0) return this.#refuse(delivery, arrivalUs, rejected);
    const offset = await this.#store(delivery, inspected, begin);
    if (delivery.source.edge !== 'mqtt')
      this.#traces?.note(traceNoteOf(delivery, arrivalUs, rejected), delivery.raw);
    this.#counters.count(`deliveries.${delivery.source.edge}`, rejected.length > 0 ? 'partial' : 'accepted');
    this.#timings?.observe('delivery', (this.#clock.monotonicMs() - begin) / 1000);
    return { epoch: this.#journal.epoch, offset, accepted, rejected };
  }

  async quarantine(item: QuarantineItem): Promise<void> {
    this.#counters.count(`deliveries.${item.source.edge}`, 'rejected');
    this.#counters.count('deliveries_rejected', item.code);
    await this.#quarantine.add({ ...item, raw: boundedPayload(item.raw) }, this.#nowMs());
  }

  async toInbox(item: InboxItem): Promise<void> {
    this.#counters.count('deliveries_unmapped', 'inbox');
    const payload = boundedPayload({ bytes: item.payload }).bytes;
    await this.#inbox.note({ ...item, payload }, this.#nowMs());
  }

  release(clientId: string, packetId?: number): Promise<void> {
    return this.#journal.release(clientId, packetId);
  }

  async #refuse(delivery: Delivery, arrivalUs: number, rejected: readonly Rejection[]): Promise<never> {
    const item = quarantineOf(delivery, rejected, false);
    if (delivery.source.edge !== 'mqtt')
      this.#traces?.note(traceNoteOf(delivery, arrivalUs, rejected, item), delivery.raw);
    if (delivery.isKept !== true) await this.quarantine(item);
    throw new RejectedDeliveryError(item.code, item.message);
  }

  /** @returns the newest durable offset */
  async #store(delivery: Delivery, inspected: Inspected, arrivedMs: number): Promise<number> {
    const { readings, events, state, rejected } = inspected;
    const keeps = rejected.length > 0 && delivery.isKept !== true;
    const isEmpty = readings.length + events.length === 0 && !keeps;
    if (isEmpty) {
      if (state.length > 0) await this.#publication.add({ readings: [], events: [], state, arrivedMs });
      return this.#journal.head();
    }
    const { edge, principal } = delivery.source;
    const commit = await this.#append(edge, {
      readings,
      events,
      principal,
      exactlyOnce: delivery.exactlyOnce,
      ...(keeps && { quarantine: [quarantineOf(delivery, rejected, true)] }),
    });
    const fresh = withOffsets(readings, commit.readingOffsets);
    const happened = withOffsets(events, commit.eventOffsets);
    this.#countAccepted(edge, readings, fresh.length);
    if (fresh.length + happened.length + state.length > 0)
      await this.#publication.add({ readings: fresh, events: happened, state, arrivedMs });
    return commit.offset;
  }

  async #append(edge: Source['edge'], batch: JournalBatch): Promise<JournalCommit> {
    const begin = this.#clock.monotonicMs();
    try {
      const commit = await this.#journal.append(batch);
      this.#timings?.observe('commit', (this.#clock.monotonicMs() - begin) / 1000);
      return commit;
    } catch (error) {
      this.#counters.count(`deliveries.${edge}`, 'not-now');
      this.#counters.count('deliveries_not_now', error instanceof TryAgainError ? error.code : 'internal');
      throw error;
    }
  }

  #countAccepted(edge: Source['edge'], readings: readonly Reading[], fresh: number): void {
    const name = `readings.${edge}`;
    this.#counters.count(name, 'stored', fresh);
    if (fresh < readings.length) this.#counters.count(name, 'repeated', readings.length - fresh);
    const doubtful = readings.filter((reading) => reading.possibleDuplicate === true).length;
    if (doubtful > 0) this.#counters.count(name, 'possible-duplicate', doubtful);
  }

  #nowMs(): number {
    return this.#clock.nowUs() / 1000;
  }
}

/** Gives each part its offset; repeats, which have none, are left out. */
function withOffsets<Part extends { offset: number }>(
  parts: readonly Part[],
  offsets: readonly (number | undefined)[],
): readonly Part[] {
  const fresh: Part[] = [];
  parts.forEach((part, index) => {
    const offset = offsets[index];
    if (offset === undefined) return;
    part.offset = offset;
    fresh.push(part);
  });
  return fresh;
}
