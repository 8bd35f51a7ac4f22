/** What is kept for people and for clients that are away: quarantine, inbox, mappings, the broker's state. Types only. */
import type { Mapping } from '../contract/mapping.ts';
import type { InboxItem, InboxPayload, InboxRow, QuarantineItem, QuarantineRow } from './ingest.ts';

export interface QuarantineQuery {
  readonly limit: number;
  /** Only rows with a smaller id: the next page. */
  readonly before?: number | undefined;
  readonly code?: string | undefined;
  readonly topic?: string | undefined;
  /** Only these. */
  readonly ids?: readonly number[] | undefined;
}

/** What became of a row in a replay: gone, or still there for this reason. */
export interface QuarantineChange {
  readonly id: number;
  readonly still?: Pick<QuarantineItem, 'code' | 'message' | 'circumstances'> | undefined;
}

export interface QuarantineStore {
  add(item: QuarantineItem, at: number): Promise<void>;
  /** Newest first. */
  list(query: QuarantineQuery): Promise<readonly QuarantineRow[]>;
  count(): Promise<number>;
  settle(changes: readonly QuarantineChange[]): Promise<void>;
  /** @param ids absent: all @returns how many went */
  purge(ids?: readonly number[]): Promise<number>;
}

export interface InboxQuery {
  readonly limit: number;
  /** Where a topic stands in the list: only what comes after it, the next page. */
  readonly after?: Pick<InboxRow, 'firstSeen' | 'topic'> | undefined;
}

export interface InboxStore {
  note(item: InboxItem, at: number): Promise<void>;
  /** What came up last first: a place that a topic keeps, however often it is seen. */
  list(query: InboxQuery): Promise<readonly InboxRow[]>;
  topics(): Promise<readonly string[]>;
  /** The last payloads of a topic, the newest first. */
  payloads(topic: string): Promise<readonly InboxPayload[]>;
  /** These payloads are in the hub now; a topic with none left goes with them. */
  taken(topic: string, ids: readonly number[]): Promise<void>;
  /** @returns whether the topic was there */
  remove(topic: string): Promise<boolean>;
}

/**
 * One thing that the embedded broker owes a client, or everybody (`client` is empty then); or a filter that our session at
 * somebody else's broker, the client, is `subscribed` to.
 */
export interface BrokerRow {
  readonly kind: 'retained' | 'subscription' | 'queued' | 'incoming' | 'subscribed';
  readonly client: string;
  readonly key: string;
  /** JSON. */
  readonly facts: string;
  readonly payload: Uint8Array;
}

/** A row to put, or one to remove; without `key` all of the client's. */
export type BrokerChange = BrokerRow | (Pick<BrokerRow, 'kind' | 'client'> & { readonly key?: string });

export interface BrokerStateStore {
  /** In the order in which the rows were first put. */
  load(): Promise<readonly BrokerRow[]>;
  /** In one transaction; durable when resolved. @throws {TryAgainError} too much waits for the disk */
  change(changes: readonly BrokerChange[]): Promise<void>;
}

export interface MappingStore {
  load(): Promise<readonly Mapping[]>;
  save(mapping: Mapping): Promise<void>;
  remove(id: string): Promise<void>;
}
