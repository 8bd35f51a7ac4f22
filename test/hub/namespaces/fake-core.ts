/** An ingest that commits in memory, and a history that answers what the test says. */
import type { HistoryAnswer, HistoryQuery, LastAnswer } from '#contract/view.ts';
import type { Committed, Delivery, History, Ingest, QuarantineItem, Receipt, Settlement } from '#ports';
import { epoch } from '../../support/commits.ts';
import type { FakeJournal } from '../live/fake-journal.ts';

export class FakeIngest implements Ingest {
  readonly deliveries: Delivery[] = [];
  readonly quarantined: QuarantineItem[] = [];
  failing: Error | undefined;
  #offset = 0;
  readonly #journal: FakeJournal;
  readonly #committed: (committed: Committed) => void;

  constructor(journal: FakeJournal, committed: (committed: Committed) => void) {
    this.#journal = journal;
    this.#committed = committed;
  }

  async accept(delivery: Delivery): Promise<Receipt> {
    this.deliveries.push(delivery);
    if (this.failing !== undefined) throw this.failing;
    const stamp = { quality: 'good', stampedBy: 'device', timeUs: 1_780_000_000_000_000 } as const;
    const readings = delivery.readings.map(
      (reading) => ({ ...stamp, ...reading, offset: (this.#offset += 1) }) as never,
    );
    const events = (delivery.events ?? []).map(
      (event) => ({ ...stamp, data: null, ...event, offset: (this.#offset += 1) }) as never,
    );
    this.#journal.rows.push(...readings);
    this.#committed({ epoch, readings, events, state: [], arrivedMs: 0 });
    return { epoch, offset: this.#offset, accepted: readings.length + events.length, rejected: [] };
  }

  offer(delivery: Delivery, settlement: Settlement): void {
    this.accept(delivery).then(
      (receipt) => settlement.accepted(receipt),
      (error: unknown) => settlement.refused(error),
    );
  }

  shed(): undefined {}

  async quarantine(item: QuarantineItem): Promise<void> {
    this.quarantined.push(item);
  }

  async toInbox(): Promise<void> {
    throw new Error('Sockets have no topics.');
  }
}

export class FakeHistory implements History {
  readonly queries: HistoryQuery[] = [];
  answer: HistoryAnswer = { series: [], truncated: false };
  last: LastAnswer = { series: [] };
  /** Runs while the history is read. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  async query(_group: string, query: HistoryQuery): Promise<HistoryAnswer> {
    this.queries.push(query);
    await this.meanwhile();
    return this.answer;
  }

  async *pages(group: string, query: HistoryQuery): AsyncGenerator<HistoryAnswer> {
    yield await this.query(group, query);
  }

  async lastAt(): Promise<LastAnswer> {
    return this.last;
  }

  async events(): Promise<readonly never[]> {
    return [];
  }
}
