/**
 * Reads the PUBLISH packets of one connection, as they lie in what came over its socket, without a copy. A device speaks
 * on the same topic again and again: what was checked of the last one is not checked anew.
 * Spec: MQTT 3.1.1, §3.3. Pure.
 */
import { isPublishable, type Violation } from './packet-checks.ts';

export interface InboundPacket {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly dup: boolean;
  /** Only for QoS 1 and 2. */
  readonly packetId?: number | undefined;
  /** The client is gone and this was its last will. */
  readonly isWill: boolean;
}

const flag = { retain: 0x01, dup: 0x08 } as const;

export class PublishReader {
  /** The topic of the packet before, as bytes and as text. */
  #bytes = Buffer.alloc(0);
  #topic = '';

  /** @param body where everything after the fixed header begins and ends */
  read(
    header: number,
    bytes: Buffer,
    body: { readonly start: number; readonly end: number },
  ): InboundPacket | Violation {
    const { start, end } = body;
    const qos = (header >> 1) & 3;
    if (qos === 3) return 'bad-qos';
    if (end - start < 2) return 'malformed';
    const topicStart = start + 2;
    const topicEnd = topicStart + bytes.readUInt16BE(start);
    const payloadStart = topicEnd + (qos > 0 ? 2 : 0);
    if (payloadStart > end) return 'malformed';
    if (!this.#isLast(bytes, topicStart, topicEnd)) {
      const topic = bytes.subarray(topicStart, topicEnd);
      if (!isPublishable(topic)) return 'bad-topic';
      this.#bytes = Buffer.from(topic);
      this.#topic = topic.toString();
    }
    const packetId = qos > 0 ? bytes.readUInt16BE(topicEnd) : undefined;
    if (packetId === 0) return 'packet-id-zero';
    return {
      topic: this.#topic,
      payload: bytes.subarray(payloadStart, end),
      qos: qos as 0 | 1 | 2,
      retain: (header & flag.retain) !== 0,
      dup: (header & flag.dup) !== 0,
      packetId,
      isWill: false,
    };
  }

  #isLast(bytes: Buffer, start: number, end: number): boolean {
    const { length } = this.#bytes;
    return length > 0 && length === end - start && this.#bytes.compare(bytes, start, end) === 0;
  }
}
