/**
 * What happens to events for a client that does not keep up.
 * Touches only what still waits in the session: what a transport was handed cannot be taken back.
 */
import type { BroadcastFlags, WriteOptions } from './adapter.ts';
import type { EngineSession, QueuedFrames } from './engine-session.ts';
import { PacketType, type Encoded, type Packet } from './packet.ts';

/**
 * - `buffer`: everything is kept; at the engine's `maxBufferedBytes` the client is disconnected.
 * - `drop-oldest`: above the budget, the oldest events make way for new ones.
 * - `latest`: an event takes the place of the one with the same key that still waits; above the budget, as `drop-oldest`.
 * - `disconnect`: above the budget, the client is disconnected, in a way that lets it come back.
 *
 * Events that want an acknowledgement are never dropped, nor is anything else than events.
 */
export type SlowConsumerPolicy = 'buffer' | 'drop-oldest' | 'latest' | 'disconnect';

export interface SlowConsumerOptions {
  /** `buffer` if not said. */
  readonly policy?: SlowConsumerPolicy | undefined;
  /** Bytes that may wait for one client, in all its namespaces, behind what is being written; 256 KiB if not said. */
  readonly maxBufferedBytes?: number | undefined;
}

/** Where the drops of a namespace are counted, and its defaults. */
export interface SlowConsumerNamespace {
  readonly _slowConsumers?: SlowConsumerOptions | undefined;
  droppedPackets: number;
  readonly server: {
    readonly opts: {
      readonly maxBufferedBytes?: number | undefined;
      readonly connectionStateRecovery?: object | undefined;
    };
  };
}

/** How one packet is to be treated in every queue it comes into. */
export interface BacklogRule {
  readonly namespace: SlowConsumerNamespace;
  readonly policy: SlowConsumerPolicy;
  readonly key: string | undefined;
  readonly isDroppable: boolean;
  /** Frames of the packet, once it is encoded. */
  frames: number;
}

/** The client of a queue. */
interface Consumer {
  readonly conn: EngineSession;
  droppedPackets: number;
}

const defaultBudgetBytes = 256 * 1024;

/** The rule for a packet; none, which costs nothing, where nobody asked for one. */
export function backlogRule(
  namespace: SlowConsumerNamespace,
  flags: BroadcastFlags,
  packet: Packet,
): BacklogRule | undefined {
  const { _slowConsumers: defaults } = namespace;
  if (flags.policy === undefined && flags.volatile !== true && defaults === undefined) return undefined;
  const policy = flags.policy ?? defaults?.policy ?? 'buffer';
  const isDroppable =
    packet.type === PacketType.event &&
    packet.id === undefined &&
    (policy === 'drop-oldest' || policy === 'latest');
  const eventName = Array.isArray(packet.data) ? String(packet.data[0]) : '';
  const key = policy === 'latest' && isDroppable ? (flags.key ?? eventName) : undefined;
  return { namespace, policy, key, isDroppable, frames: 0 };
}

export function countDrop(consumer: Consumer, rule: BacklogRule | undefined): void {
  consumer.droppedPackets += 1;
  if (rule !== undefined) rule.namespace.droppedPackets += 1;
}

/**
 * Makes way for a packet in a client's queue.
 * @returns whether it is still to be sent: not if it took the place of an older one, or the client was cut off
 */
export function makeWay(
  consumer: Consumer,
  rule: BacklogRule,
  encoded: Encoded,
  options: WriteOptions,
): boolean {
  const { waiting, readyState } = consumer.conn;
  rule.frames = encoded.length;
  if (rule.policy === 'buffer' || readyState !== 'open') return true;
  // Other engines than ours cannot be asked; and whoever has nothing waiting keeps up.
  if (waiting === undefined || waiting.packets.length === 0) return true;
  const isPlaced = rule.key !== undefined && conflate({ consumer, waiting, rule, encoded, options });
  const excess = excessBytes(consumer.conn, waiting, rule) + (isPlaced ? 0 : bytesOf(encoded));
  if (excess <= 0) return !isPlaced;
  if (rule.policy === 'disconnect') {
    consumer.conn.cutOff?.(1013, 'slow consumer');
    return false;
  }
  dropOldest(consumer, waiting, excess, options);
  return !isPlaced;
}

interface Conflation {
  readonly consumer: Consumer;
  readonly waiting: QueuedFrames;
  readonly rule: BacklogRule;
  readonly encoded: Encoded;
  readonly options: WriteOptions;
}

/** Puts a packet in the place of the one it outdates, or only removes that one; true if it was placed. */
function conflate({ consumer, waiting, rule, encoded, options }: Conflation): boolean {
  const { namespace, key } = rule;
  const at = waiting.packets.findIndex(({ options: queued }, index) => {
    const other = queued?.backlog;
    return other?.key === key && other?.namespace === namespace && isWhole(waiting, index);
  });
  if (at < 0) return false;
  countDrop(consumer, waiting.packets[at]?.options?.backlog);
  const length = lengthAt(waiting, at);
  // Offsets of recovery have to reach the client in their order; in its old place a busy key waits no longer than others.
  if (namespace.server.opts.connectionStateRecovery !== undefined) {
    waiting.splice(at, length);
    return false;
  }
  waiting.splice(
    at,
    length,
    encoded.map((data) => ({ type: 'message', data, options })),
  );
  return true;
}

function dropOldest(consumer: Consumer, waiting: QueuedFrames, excess: number, spared: WriteOptions): void {
  let left = excess;
  let at = 0;
  while (left > 0 && at < waiting.packets.length) {
    const options = waiting.packets[at]?.options;
    const length = lengthAt(waiting, at);
    if (options?.backlog?.isDroppable === true && options !== spared && isWhole(waiting, at)) {
      countDrop(consumer, options.backlog);
      left -= waiting.splice(at, length);
    } else {
      at += length;
    }
  }
}

/** How many frames from here on are of the same packet. */
function lengthAt({ packets }: QueuedFrames, at: number): number {
  const options = packets[at]?.options;
  if (options?.backlog === undefined) return 1;
  let end = at + 1;
  while (end < packets.length && packets[end]?.options === options) end += 1;
  return end - at;
}

/** Not if the transport was handed its first frames: then its attachments must follow. */
function isWhole(waiting: QueuedFrames, at: number): boolean {
  return lengthAt(waiting, at) === waiting.packets[at]?.options?.backlog?.frames;
}

/** How far the queue is above its budget, or together with what is being written above the engine's cap. */
function excessBytes(
  { bufferedBytes = 0 }: EngineSession,
  waiting: QueuedFrames,
  { namespace }: BacklogRule,
): number {
  const cap = namespace.server.opts.maxBufferedBytes ?? Infinity;
  const budget = namespace._slowConsumers?.maxBufferedBytes ?? defaultBudgetBytes;
  return Math.max(waiting.bytes - budget, bufferedBytes - cap);
}

function bytesOf(encoded: Encoded): number {
  let bytes = 0;
  for (const frame of encoded)
    bytes += typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength;
  return bytes;
}
