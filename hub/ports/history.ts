/** Questions about the past. Types only. */
import type { CommittedEvent } from '../contract/event.ts';
import type { HistoryAnswer, HistoryQuery } from '../contract/view.ts';
import type { EventQuery } from './store.ts';

export interface History {
  /** @throws {RequestError} the range or the number of points is not possible */
  query(group: string, query: HistoryQuery): Promise<HistoryAnswer>;
  events(group: string, query: EventQuery): Promise<readonly CommittedEvent[]>;
}
