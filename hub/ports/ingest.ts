/** The one door for readings and events: what edges hand in, and what they get back. Types only. */
import type { TryAgainError } from '../contract/errors.ts';
import type { CommittedEvent, Json } from '../contract/event.ts';
import type { DecodedReading } from '../contract/formats/decoded.ts';
import type { CommittedReading, Reading } from '../contract/reading.ts';

export interface Source {
  /** `influxdb`: not where it came from, but what refused it. `hub`: what the hub itself tells of a device. */
  readonly edge: 'mqtt' | 'socketio' | 'http' | 'influxdb' | 'hub';
  /** The principal's id; for an external broker `bridge:<name>`. */
  readonly principal: string;
  readonly address?: string | undefined;
  readonly topic?: string | undefined;
}

/** A reading as an edge decoded it: shape known, nothing validated yet. Without a time the hub stamps it. */
export interface IncomingReading extends Omit<DecodedReading, 'device' | 'unit'> {
  readonly group: string;
  readonly device: string;
}

export interface IncomingEvent {
  readonly group: string;
  readonly device: string;
  readonly name: string;
  readonly timeUs?: number | undefined;
  readonly data?: Json | undefined;
  readonly id?: string | undefined;
}

/** What one protocol message brought: the unit of acknowledgement. */
export interface Delivery {
  readonly source: Source;
  /** Arrival in µs of the hub's clock; ingest takes its own clock when absent. */
  readonly receivedAtUs?: number | undefined;
  readonly readings: readonly IncomingReading[];
  readonly events?: readonly IncomingEvent[] | undefined;
  /** Retained replays from an external broker: they seed the latest values and never become points. */
  readonly state?: readonly IncomingReading[] | undefined;
  /** MQTT DUP: what nothing else identifies is marked as a possible duplicate. */
  readonly possibleDuplicate?: boolean | undefined;
  /** MQTT QoS 2: stored in the same transaction, so that a retransmission adds nothing. */
  readonly exactlyOnce?: { readonly clientId: string; readonly packetId: number } | undefined;
  /** The bytes as they came, for quarantine. */
  readonly raw?: RawPayload | undefined;
  /**
   * The first to be refused when room runs short: nobody waits for it (QoS 0, an emit without acknowledgement), or it
   * can come again at leisure (an import).
   */
  readonly givesWay?: boolean | undefined;
  /** It lies in quarantine or in the inbox already: what is rejected of it again is only told, not kept twice. */
  readonly isKept?: boolean | undefined;
  /** Whoever sent it sends nothing more before it is acknowledged: it is not gathered with others first. */
  readonly isUrgent?: boolean | undefined;
}

export interface RawPayload {
  readonly bytes: Uint8Array;
  readonly contentType?: string | undefined;
}

export interface Rejection {
  /** Index into `readings`, then on into `events`. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

export interface Receipt {
  readonly epoch: string;
  /** The last offset that is durable with this delivery. */
  readonly offset: number;
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** Hears what became of a delivery: exactly one of the two, once. */
export interface Settlement {
  accepted(receipt: Receipt): void;
  /** @param error a `RejectedDeliveryError` (acknowledge) or a `TryAgainError` (do not) */
  refused(error: unknown): void;
}

export interface Ingest {
  /**
   * Takes one delivery into the hub. Resolving *is* the acknowledgement: the readings are on disk.
   * Readings that can never be accepted are in quarantine and listed in the receipt.
   * @throws {RejectedDeliveryError} nothing in it can ever be accepted; it is in quarantine: acknowledge it
   * @throws {TryAgainError} not stored this time: do not acknowledge, the sender will repeat
   */
  accept(delivery: Delivery): Promise<Receipt>;
  /** The same for whoever hands in very many: told instead of promised. Never throws. */
  offer(delivery: Delivery, settlement: Settlement): void;
  /**
   * Before what gives way is decoded: why it would be refused in any case, and is by this, counted as every refusal.
   * Undefined: hand it in.
   */
  shed(edge: Source['edge']): TryAgainError | undefined;
  /** Keeps what an edge could not even decode. Resolves when durable; then the edge acknowledges. @throws {TryAgainError} */
  quarantine(item: QuarantineItem): Promise<void>;
  /** Keeps a topic that no mapping knows: counted, with its last payload, for a person to look at. @throws {TryAgainError} */
  toInbox(item: InboxItem): Promise<void>;
}

/** MQTT QoS 2: which packet ids are still owed a release. */
export interface PacketIds {
  /** PUBREL: the id is free again; without `packetId` all of the client's (clean session). @throws {TryAgainError} */
  release(clientId: string, packetId?: number): Promise<void>;
}

export interface QuarantineItem {
  readonly source: Source;
  readonly code: string;
  readonly message: string;
  readonly raw: RawPayload;
  readonly circumstances?: Circumstances | undefined;
}

/** What a replay has to know beside the bytes. */
export interface Circumstances {
  readonly receivedAtUs?: number | undefined;
  /** A retained message that answered our own subscription: state, never a point. */
  readonly isState?: true | undefined;
  /** Only these of its parts (readings, then events) were rejected; the others are stored. */
  readonly partly?: { readonly of: number; readonly rejected: readonly number[] } | undefined;
}

export interface QuarantineRow extends QuarantineItem {
  readonly id: number;
  /** Epoch ms. */
  readonly at: number;
}

export interface InboxItem {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly principal: string;
  /** Why nothing took it: a sentence for a person. */
  readonly why: string;
}

export interface InboxPayload {
  readonly id: number;
  /** Epoch ms. */
  readonly at: number;
  readonly payload: Uint8Array;
  /** Who sent the topic's last message. */
  readonly principal: string;
}

export interface InboxRow extends Omit<InboxItem, 'payload'> {
  /** The last ones, the newest first. */
  readonly payloads: readonly InboxPayload[];
  readonly count: number;
  /** Epoch ms. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** What one commit made durable; handed to every listener in offset order. */
export interface Committed {
  readonly epoch: string;
  readonly readings: readonly CommittedReading[];
  readonly events: readonly CommittedEvent[];
  /** Retained replays: latest values only, no offsets. */
  readonly state: readonly Reading[];
  /** When the first delivery of the commit arrived: monotonic ms. */
  readonly arrivedMs: number;
}
