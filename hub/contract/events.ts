/**
 * The Socket.IO contract, typed once: ARCHITECTURE §7. Acknowledgements are `{ ok: true, … }` or a {@link Refusal}.
 * `/` is the fleet, `/<group>` everything of one group.
 */
import type { CommandAnswer, CommandMessage, CommandRecord, CommandRequest } from './command.ts';
import type { DesiredMessage, DeviceInfo, DeviceName, GroupInfo, Presence } from './device.ts';
import type { EventMessage, Json } from './event.ts';
import type { Refusal } from './errors.ts';
import type { RefusedItem } from './formats/items.ts';
import type { InboxEntry, Mapping, MappingDraft, PreviewedMessage, Replayed } from './mapping.ts';
import type {
  GapReason,
  HistoryAnswer,
  HistoryQuery,
  LastAnswer,
  LastQuery,
  SubscribeAnswer,
  SubscribeRequest,
} from './view.ts';
import type { ReadingsFrame } from './frame.ts';
import type { ReadingTuple } from './reading.ts';
import type { TracedMessage } from './trace.ts';

/** What CONNECT carries in `auth`. Without a token the session cookie of the handshake decides. */
export interface ConnectAuth {
  readonly token?: string;
  /** For a gateway: the device it speaks for on this connection, if it is only one. */
  readonly device?: string;
}

export type Ack<Answer> = (answer: (Answer & { readonly ok: true }) | Refusal) => void;

export interface ReceiptAnswer {
  readonly offset: number;
  readonly accepted: number;
  readonly rejected: readonly RefusedItem[];
}

/** From devices and gateways. A gateway names its device in each payload (`{ device, … }`). */
export interface DeviceToHub {
  telemetry(payload: unknown, ack?: Ack<ReceiptAnswer>): void;
  event(
    payload: { device?: string; name: string; ts?: number | string; data?: Json; id?: string },
    ack?: Ack<ReceiptAnswer>,
  ): void;
  reported(state: Record<string, Json> & { device?: string }, ack?: Ack<object>): void;
}

export interface HubToDevice {
  command(command: CommandMessage & { readonly device: string }, ack: (answer: CommandAnswer) => void): void;
  /** On every change, and on connecting while something is still to be done. The answer is a `reported`. */
  desired(message: DesiredMessage & { readonly device: string }): void;
}

export interface DashboardToHub {
  /**
   * All of them; or, with `limit`, a page in the order of their ids, with the id that `after` continues from as `next`:
   * ten thousand in one answer are more than a connection holds.
   */
  devices(
    query: { after?: string; limit?: number },
    ack: Ack<{ devices: readonly DeviceInfo[]; next?: string }>,
  ): void;
  subscribe(request: SubscribeRequest, ack: Ack<SubscribeAnswer>): void;
  unsubscribe(request: { view: string }, ack?: Ack<object>): void;
  history(query: HistoryQuery, ack: Ack<HistoryAnswer>): void;
  /** The last value of each series at a time. */
  last(query: LastQuery, ack: Ack<LastAnswer>): void;
  command(request: CommandRequest, ack: Ack<{ command: CommandRecord }>): void;
  /** Newest first, in pages as `devices`. */
  commands(
    query: { device?: string; after?: string; limit?: number },
    ack: Ack<{ commands: readonly CommandRecord[]; next?: string }>,
  ): void;
  /** What became of the device's last messages. For operators and admins. */
  trace(query: { device: string }, ack: Ack<{ items: readonly TracedMessage[] }>): void;
}

export interface HubToDashboard {
  readings(frame: ReadingsFrame): void;
  event(event: EventMessage): void;
  presence(change: PresenceMessage): void;
  /** A device was registered or described anew. */
  device(device: DeviceInfo): void;
  removed(device: RemovedMessage): void;
  /** Every transition of every command of the group. */
  command(command: CommandRecord): void;
  gap(gap: {
    readonly view: string;
    readonly reason: GapReason;
    /** The newest value of each series that changed since the last frame. */
    readonly latest: readonly ReadingTuple[];
    readonly offset: number;
  }): void;
}

export interface FleetToHub {
  groups(query: object, ack: Ack<{ groups: readonly GroupInfo[] }>): void;
  search(query: { text: string; limit?: number }, ack: Ack<{ devices: readonly DeviceInfo[] }>): void;
  /** In fleet frames the device reads `<group>/<device>`. */
  subscribe(request: SubscribeRequest, ack: Ack<SubscribeAnswer>): void;
  unsubscribe(request: { view: string }, ack?: Ack<object>): void;
}

/** In `/`, for who looks after what nothing understood: operators and admins of all groups. */
export interface KeeperToHub {
  /** What came up last first; of a page that would be too large only its first topics. `next` is the next one's `after`. */
  inbox(
    query: { after?: InboxPlace; limit?: number },
    ack: Ack<{ items: readonly InboxEntry[]; next?: InboxPlace }>,
  ): void;
  mappings(query: object, ack: Ack<{ items: readonly Mapping[] }>): void;
  /** Tries a draft on what waits in the inbox; stores nothing. */
  previewMapping(draft: MappingDraft, ack: Ack<{ topics: number; items: readonly PreviewedMessage[] }>): void;
  /** With an `id` the mapping that has it is changed. What waits in the inbox is taken in. */
  saveMapping(
    request: { id?: string; mapping: MappingDraft },
    ack: Ack<{ mapping: Mapping; applied: Replayed }>,
  ): void;
  deleteMapping(request: { id: string }, ack: Ack<object>): void;
  replayQuarantine(
    selection: { ids?: number[]; code?: string; topic?: string },
    ack: Ack<{ replayed: Replayed }>,
  ): void;
  /** The last messages of a topic that led to no device. */
  trace(query: { topic: string }, ack: Ack<{ items: readonly TracedMessage[] }>): void;
}

/** Where a topic stands in the inbox. */
export type InboxPlace = Pick<InboxEntry, 'firstSeen' | 'topic'>;

export interface HubToFleet {
  readings(frame: ReadingsFrame): void;
  presence(change: PresenceMessage): void;
  device(device: DeviceInfo): void;
  removed(device: RemovedMessage): void;
  groups(groups: readonly GroupInfo[]): void;
  gap: HubToDashboard['gap'];
}

/** No longer in sight: archived, denied, or known by another name now. */
export interface RemovedMessage extends DeviceName {
  readonly movedTo?: DeviceName | undefined;
}

export interface PresenceMessage {
  readonly group: string;
  readonly device: string;
  readonly presence: Presence;
  /** Epoch ms. */
  readonly since: number;
}
