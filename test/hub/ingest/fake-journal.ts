/** A journal in memory that commits when a test says so. */
import { TryAgainError } from '#contract/errors.ts';
import type {
  AppendListener,
  IngestJournal,
  InboxItem,
  InboxStore,
  JournalBatch,
  JournalCommit,
  JournalPage,
  QuarantineItem,
  QuarantineStore,
} from '#ports';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';

interface Waiting {
  readonly batch: JournalBatch;
  readonly listener: AppendListener;
}

export class FakeJournal implements IngestJournal {
  readonly epoch = 'epoch-1';
  readonly series = new StoreSeriesIndex([]);
  readonly batches: JournalBatch[] = [];
  readonly released: unknown[] = [];
  /** Commit at once; otherwise `commit()` does. */
  automatic = true;
  shedding: TryAgainError | undefined;
  #waiting: Waiting[] = [];
  #offset = 0;

  head(): number {
    return this.#offset;
  }

  tail(): number {
    return 1;
  }

  append(batch: JournalBatch): Promise<JournalCommit> {
    return new Promise((resolve, reject) => {
      this.enqueue(batch, { committed: resolve, failed: reject });
    });
  }

  enqueue(batch: JournalBatch, listener: AppendListener): void {
    this.batches.push(batch);
    this.#waiting.push({ batch, listener });
    if (this.automatic) this.commit();
  }

  stopLingering(): void {
    this.commit();
  }

  /** One group commit of all that waits. Readings with the value `repeat` are repeats. */
  commit(): void {
    for (const { batch, listener } of this.#waiting.splice(0)) {
      const readingOffsets = batch.readings.map(({ value }) =>
        value === 'repeat' ? undefined : (this.#offset += 1),
      );
      const eventOffsets = batch.events.map(() => (this.#offset += 1));
      listener.committed({ readingOffsets, eventOffsets, offset: this.#offset });
    }
  }

  fail(): void {
    for (const { listener } of this.#waiting.splice(0))
      listener.failed(new TryAgainError('not-stored', 'Disk full.'));
  }

  read(): Promise<JournalPage> {
    throw new Error('not used');
  }

  async release(clientId: string, packetId?: number): Promise<void> {
    this.released.push([clientId, packetId]);
  }
}

export class FakeQuarantine implements Pick<QuarantineStore, 'add'> {
  readonly items: (QuarantineItem & { readonly at: number })[] = [];
  fails = false;

  async add(item: QuarantineItem, at: number): Promise<void> {
    if (this.fails) throw new TryAgainError('not-stored', 'Disk full.');
    this.items.push({ ...item, at });
  }
}

export class FakeInbox implements Pick<InboxStore, 'note'> {
  readonly items: InboxItem[] = [];

  async note(item: InboxItem): Promise<void> {
    this.items.push(item);
  }
}
