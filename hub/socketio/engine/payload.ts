/**
 * Several packets in one HTTP body.
 * Spec: Engine.IO protocol v4, "Payload encoding": packets are joined by the record separator.
 */
import { ProtocolError } from '../errors.ts';
import { decodePacket, encodePacket } from './packet.ts';
import type { Packet, ReceivedPacket } from './packet.ts';

const separator = '\u001e';

export function encodePayload(packets: readonly Packet[]): string {
  const first = packets[0];
  if (first !== undefined && packets.length === 1) return encodePacket(first);
  return packets.map(encodePacket).join(separator);
}

/**
 * Reads the packets of a body one by one, so that a caller who stops early has decoded no more than it used.
 *
 * @throws {ProtocolError} `unknown-packet-type` at the first packet that is none,
 *   `too-many-packets` when there are more than `maxPackets`
 */
export function* decodePayload(
  body: string,
  maxPackets = Infinity,
): Generator<ReceivedPacket, void, undefined> {
  let count = 0;
  for (let start = 0; start <= body.length;) {
    if (++count > maxPackets)
      throw new ProtocolError('too-many-packets', `A payload holds at most ${maxPackets} packets.`);
    const end = body.indexOf(separator, start);
    yield decodePacket(end === -1 ? body.slice(start) : body.slice(start, end));
    start = end === -1 ? body.length + 1 : end + 1;
  }
}
