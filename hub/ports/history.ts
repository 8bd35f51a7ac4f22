/** Questions about the past. Types only. */
import type { CommittedEvent } from '../contract/event.ts';
import type { HistoryAnswer, HistoryQuery, LastAnswer, LastQuery } from '../contract/view.ts';
import type { RetentionPolicy } from '../contract/retention.ts';
import type { RetentionRule } from '../contract/retention-rules.ts';
import type { EventQuery } from './store.ts';

export interface History {
  /** @throws {RequestError} what is asked for is not possible; `code` says which part */
  query(group: string, query: HistoryQuery): Promise<HistoryAnswer>;
  /**
   * All raw points of the range, however many, page after page: what is asked for next is read then.
   * `limit` is the size of a page. @throws as `query`
   */
  pages(group: string, query: HistoryQuery): AsyncIterable<HistoryAnswer>;
  /** The newest reading of each series at or before a time. @throws {RequestError} */
  lastAt(group: string, query: LastQuery): Promise<LastAnswer>;
  events(group: string, query: EventQuery): Promise<readonly CommittedEvent[]>;
}

/** How long history is kept. */
export interface Retention {
  policy(): RetentionPolicy;
  /** Durable when resolved. @returns the policy from now on @throws {TryAgainError} */
  change(rules: readonly RetentionRule[]): Promise<RetentionPolicy>;
  /** The longest that anything is kept, µs: what is older is not taken in. Infinite when something is kept for ever. */
  keptUs(): number;
}
