/** What a session still has to send: packets in order, and how many bytes they are. */
import { dataBytes } from './packet.ts';
import type { OutgoingPacket } from './transport.ts';

export class WriteBuffer {
  /** Oldest first; observers may look at it, and put a packet into it. */
  packets: OutgoingPacket[] = [];
  bytes = 0;

  add(packet: OutgoingPacket): void {
    this.packets.push(packet);
    this.bytes += dataBytes(packet.data);
  }

  /** The oldest, at most so many, and no more once they are so many bytes. */
  take(maxPackets: number, maxBytes: number): OutgoingPacket[] {
    if (this.packets.length <= maxPackets && this.bytes <= maxBytes) {
      const all = this.packets;
      this.clear();
      return all;
    }
    let count = 0;
    let bytes = 0;
    while (count < maxPackets && count < this.packets.length && bytes < maxBytes) {
      bytes += dataBytes(this.packets[count]?.data);
      count += 1;
    }
    this.bytes -= bytes;
    return this.packets.splice(0, count);
  }

  /** Replaces so many packets, and returns the bytes that frees. */
  splice(start: number, count: number, replacements: readonly OutgoingPacket[] = []): number {
    const before = this.bytes;
    for (const { data } of this.packets.splice(start, count, ...replacements)) this.bytes -= dataBytes(data);
    for (const { data } of replacements) this.bytes += dataBytes(data);
    return before - this.bytes;
  }

  clear(): void {
    this.packets = [];
    this.bytes = 0;
  }
}
