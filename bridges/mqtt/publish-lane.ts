/**
 * The way of one connection's QoS 0 and 1 messages: from the guard into the hub, around the broker behind, which would
 * spend several times as much on each as all the rest. The broker hears of a message only if somebody subscribes to it.
 * PUBACKs leave in the order of the PUBLISHes, those of one commit in one write. Bounded: the connection is not read on
 * while too much of it, or of all, is unacknowledged.
 * Spec: MQTT 3.1.1, §4.3.1, §4.3.2, §4.6.
 */
import { TryAgainError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { Counters } from '#ports';
import type { Acknowledgement } from './meaning.ts';
import type { InboundPacket } from './publish-packet.ts';

export interface LaneOptions {
  /** `false`: it may not be published at all. */
  readonly mayPublish: (packet: InboundPacket) => 'yes' | 'not-retained' | false;
  readonly take: (packet: InboundPacket, acknowledgement: Acknowledgement) => void;
  /** To the subscribers, if there are any, after it was acknowledged. `done` is called in any case. */
  readonly forward: (packet: InboundPacket, done: (packet: InboundPacket) => void) => void;
  /** Writes to the client. */
  readonly write: (bytes: Buffer) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Without an acknowledgement, so that the client repeats. */
  readonly fail: (error: Error) => void;
  readonly counters: Counters;
  /** Shared by all lanes. */
  readonly load: LaneLoad;
}

/** How many messages of all connections are under way. */
export interface LaneLoad {
  underWay: number;
}

/** A message under way; QoS 1 waits for its place in the order of PUBACKs. */
class Waiting implements Acknowledgement {
  readonly packet: InboundPacket;
  readonly #lane: LaneEnds;
  isDurable = false;

  constructor(packet: InboundPacket, lane: LaneEnds) {
    this.packet = packet;
    this.#lane = lane;
  }

  taken(): void {
    this.isDurable = true;
    this.#lane.taken(this.packet);
  }

  failed(error: unknown): void {
    this.#lane.failed(this.packet, error);
  }
}

/** How a message comes back to its lane. */
interface LaneEnds {
  taken(packet: InboundPacket): void;
  failed(packet: InboundPacket, error: unknown): void;
}

const pubackBytes = 4;

export class PublishLane {
  readonly #options: LaneOptions;
  /** QoS 1 messages in the order in which they came. */
  #waiting: Waiting[] = [];
  #underWay = 0;
  #underWayBytes = 0;
  #isPaused = false;
  #isFlushDue = false;
  #isClosed = false;
  readonly #ends: LaneEnds = {
    taken: (packet) => this.#taken(packet),
    failed: (packet, error) => this.#failed(packet, error),
  };

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  offer(packet: InboundPacket): void {
    const { mayPublish, take, fail, load } = this.#options;
    const verdict = mayPublish(packet);
    if (verdict === false) return fail(new Error('This topic is not open to this client.'));
    const offered = verdict === 'yes' ? packet : { ...packet, retain: false };
    const waiting = new Waiting(offered, this.#ends);
    if (packet.qos === 1) this.#waiting.push(waiting);
    this.#underWay += 1;
    this.#underWayBytes += packet.payload.length;
    load.underWay += 1;
    take(offered, waiting);
    const isFull = this.#isOver(1) || load.underWay >= limits.mqttUnacknowledged;
    if (!isFull || this.#isPaused || this.#underWay === 0) return;
    this.#isPaused = true;
    this.#options.pause();
  }

  /** The connection is over: nothing is acknowledged any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  #taken(packet: InboundPacket): void {
    if (packet.qos === 1) this.#flushSoon();
    this.#options.forward(packet, this.#done);
  }

  #failed(packet: InboundPacket, error: unknown): void {
    const { counters, fail } = this.#options;
    this.#done(packet);
    // Nobody repeats it, and whoever sent it does not wait for an answer.
    if (packet.qos === 0 && error instanceof TryAgainError) counters.count('mqtt.dropped', 'qos0-not-now');
    else if (!this.#isClosed) fail(error instanceof Error ? error : new Error(String(error)));
  }

  readonly #done = ({ payload }: InboundPacket): void => {
    this.#underWay -= 1;
    this.#underWayBytes -= payload.length;
    this.#options.load.underWay -= 1;
    if (!this.#isPaused || this.#isOver(0.5)) return;
    this.#isPaused = false;
    if (!this.#isClosed) this.#options.resume();
  };

  /** Is more under way than this share of what may be? */
  #isOver(share: number): boolean {
    return (
      this.#underWay > limits.mqttUnacknowledgedPerClient * share ||
      this.#underWayBytes > limits.mqttUnacknowledgedBytesPerClient * share
    );
  }

  /** All of a commit become durable in one go: what is due behind it goes out together. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushDue = false;
    if (this.#isClosed) return;
    const pending = this.#waiting.findIndex(({ isDurable }) => !isDurable);
    const count = pending === -1 ? this.#waiting.length : pending;
    if (count === 0) return;
    const bytes = Buffer.allocUnsafe(count * pubackBytes);
    for (let index = 0; index < count; index += 1) {
      bytes.writeUInt16BE(0x4002, index * pubackBytes);
      bytes.writeUInt16BE(this.#waiting[index]?.packet.packetId ?? 0, index * pubackBytes + 2);
    }
    // What was answered is forgotten at once: a client that always has some under way would keep hundreds alive.
    this.#waiting = this.#waiting.slice(count);
    this.#options.write(bytes);
  }
}
