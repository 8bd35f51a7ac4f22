/**
 * The one door into the hub. An edge hands in a delivery; when `accept` resolves, its readings are on disk, and only
 * then the edge acknowledges. Names, values and times: `validate.ts`; the hub's own times: `stamps.ts`.
 *
 * What is idempotent (ARCHITECTURE §2): a reading with its own time, an `id`, or a QoS 2 packet id. Equal values at one
 * (series, time) are one reading, different ones are both kept. A reading that the hub stamped and that is sent again
 * may appear twice; when the transport says so it is marked as a possible duplicate and counted.
 */
import { RejectedDeliveryError, type TryAgainError } from '#contract/errors.ts';
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
  Log,
  PacketIds,
  QuarantineItem,
  QuarantineStore,
  Receipt,
  Rejection,
  Settlement,
  Source,
  Timings,
  Traces,
} from '#ports';
import { Inspector } from './inspector.ts';
import { countRefusal, deliveriesOf, Passage, type PassageParts } from './passage.ts';
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
  readonly #parts: PassageParts;
  readonly #quarantine: Pick<QuarantineStore, 'add'>;
  readonly #inbox: Pick<InboxStore, 'note'>;
  readonly #inspector: Inspector;

  constructor(options: IngestOptions) {
    const { journal, quarantine, inbox, directory, clock, log, counters, committed, keptUs } = options;
    const publication = new Publication({ epoch: journal.epoch, committed, clock, log, counters });
    const { timings, traces } = options;
    this.#parts = { journal, publication, clock, counters, timings, traces };
    this.#quarantine = quarantine;
    this.#inbox = inbox;
    this.#inspector = new Inspector(journal.series, { directory, keptUs });
  }

  accept(delivery: Delivery): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      this.offer(delivery, { accepted: resolve, refused: reject });
    });
  }

  offer(delivery: Delivery, settlement: Settlement): void {
    const arrivedMs = this.#parts.clock.monotonicMs();
    const arrivalUs = delivery.receivedAtUs ?? this.#parts.clock.nowUs();
    const inspected = this.#inspector.inspect(delivery, arrivalUs);
    const { readings, events, state, rejected } = inspected;
    for (const { code } of rejected) this.#parts.counters.count('readings_rejected', code);
    if (rejected.length > 0 && readings.length + events.length + state.length === 0)
      return void this.#refuse(delivery, arrivalUs, rejected).catch((error: unknown) =>
        settlement.refused(error),
      );
    const arrived = { delivery, arrivalUs, arrivedMs };
    new Passage(this.#parts, arrived, inspected, settlement).start(delivery);
  }

  shed(edge: Source['edge']): TryAgainError | undefined {
    const { journal, counters } = this.#parts;
    const { shedding } = journal;
    if (shedding !== undefined) countRefusal(counters, edge, shedding);
    return shedding;
  }

  async quarantine(item: QuarantineItem): Promise<void> {
    this.#parts.counters.count(deliveriesOf[item.source.edge], 'rejected');
    this.#parts.counters.count('deliveries_rejected', item.code);
    await this.#quarantine.add({ ...item, raw: boundedPayload(item.raw) }, this.#nowMs());
  }

  async toInbox(item: InboxItem): Promise<void> {
    this.#parts.counters.count('deliveries_unmapped', 'inbox');
    const payload = boundedPayload({ bytes: item.payload }).bytes;
    await this.#inbox.note({ ...item, payload }, this.#nowMs());
  }

  release(clientId: string, packetId?: number): Promise<void> {
    return this.#parts.journal.release(clientId, packetId);
  }

  async #refuse(delivery: Delivery, arrivalUs: number, rejected: readonly Rejection[]): Promise<never> {
    const item = quarantineOf(delivery, rejected, false);
    if (delivery.source.edge !== 'mqtt')
      this.#parts.traces?.note(traceNoteOf(delivery, arrivalUs, rejected, item), delivery.raw);
    if (delivery.isKept !== true) await this.quarantine(item);
    throw new RejectedDeliveryError(item.code, item.message);
  }

  #nowMs(): number {
    return this.#parts.clock.nowUs() / 1000;
  }
}
