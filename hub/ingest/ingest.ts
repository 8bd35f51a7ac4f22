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

interface Outcome {
  readonly arrivedMs: number;
  /** @param offset the newest durable one */
  readonly stored: (offset: number) => void;
  readonly refused: (error: unknown) => void;
}

const nothing = { readings: [], events: [] } as const;
type Edge = Source['edge'];
/** Names of counters, put together once and not for each delivery. */
const named = <Kind extends string>(kind: Kind): Readonly<Record<Edge, `${Kind}.${Edge}`>> => ({
  mqtt: `${kind}.mqtt`,
  socketio: `${kind}.socketio`,
  http: `${kind}.http`,
  influxdb: `${kind}.influxdb`,
  hub: `${kind}.hub`,
});
const deliveriesOf = named('deliveries');
const readingsOf = named('readings');

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

  accept(delivery: Delivery): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      this.offer(delivery, { accepted: resolve, refused: reject });
    });
  }

  offer(delivery: Delivery, settlement: Settlement): void {
    const begin = this.#clock.monotonicMs();
    const arrivalUs = delivery.receivedAtUs ?? this.#clock.nowUs();
    const inspected = this.#inspector.inspect(delivery, arrivalUs);
    const { readings, events, state, rejected } = inspected;
    const { edge } = delivery.source;
    const accepted = readings.length + events.length + state.length;
    for (const { code } of rejected) this.#counters.count('readings_rejected', code);
    if (accepted === 0 && rejected.length > 0)
      return void this.#refuse(delivery, arrivalUs, rejected).catch((error: unknown) =>
        settlement.refused(error),
      );
    this.#store(delivery, inspected, {
      arrivedMs: begin,
      refused: (error) => settlement.refused(error),
      stored: (offset) => {
        if (edge !== 'mqtt') this.#traces?.note(traceNoteOf(delivery, arrivalUs, rejected), delivery.raw);
        this.#counters.count(deliveriesOf[edge], rejected.length > 0 ? 'partial' : 'accepted');
        this.#timings?.observe('delivery', (this.#clock.monotonicMs() - begin) / 1000);
        settlement.accepted({ epoch: this.#journal.epoch, offset, accepted, rejected });
      },
    });
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

  #store(delivery: Delivery, inspected: Inspected, { arrivedMs, stored, refused }: Outcome): void {
    const { readings, events, state, rejected } = inspected;
    const keeps = rejected.length > 0 && delivery.isKept !== true;
    if (readings.length + events.length === 0 && !keeps) {
      const head = this.#journal.head();
      if (state.length === 0) return stored(head);
      return this.#publication.add({ ...nothing, state, arrivedMs }, () => stored(head));
    }
    const { edge, principal } = delivery.source;
    const batch: JournalBatch = {
      readings,
      events,
      principal,
      exactlyOnce: delivery.exactlyOnce,
      quarantine: keeps ? [quarantineOf(delivery, rejected, true)] : undefined,
    };
    const begin = this.#clock.monotonicMs();
    this.#journal.enqueue(batch, {
      committed: ({ readingOffsets, eventOffsets, offset }) => {
        this.#timings?.observe('commit', (this.#clock.monotonicMs() - begin) / 1000);
        const fresh = withOffsets(readings, readingOffsets);
        const happened = withOffsets(events, eventOffsets);
        this.#countAccepted(edge, readings, fresh.length);
        if (fresh.length + happened.length + state.length === 0) return stored(offset);
        this.#publication.add({ readings: fresh, events: happened, state, arrivedMs }, () => stored(offset));
      },
      failed: (error) => {
        this.#counters.count(deliveriesOf[edge], 'not-now');
        this.#counters.count('deliveries_not_now', error instanceof TryAgainError ? error.code : 'internal');
        refused(error);
      },
    });
  }

  #countAccepted(edge: Edge, readings: readonly Reading[], fresh: number): void {
    const name = readingsOf[edge];
    this.#counters.count(name, 'stored', fresh);
    if (fresh < readings.length) this.#counters.count(name, 'repeated', readings.length - fresh);
    let doubtful = 0;
    for (const { possibleDuplicate } of readings) if (possibleDuplicate === true) doubtful += 1;
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
