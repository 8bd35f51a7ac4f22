/** What a session still has to send: packets in order, and how many bytes they are. */
import { dataBytes } from './packet.ts';
import type { Packet } from './packet.ts';
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

  /** Removes what is not wanted, and returns how many those were. */
  drop(isUnwanted: (packet: Packet) => boolean): number {
    const before = this.packets.length;
    this.packets = this.packets.filter((packet) => !isUnwanted(packet));
    this.bytes = this.packets.reduce((bytes, { data }) => bytes + dataBytes(data), 0);
    return before - this.packets.length;
  }

  clear(): void {
    this.packets = [];
    this.bytes = 0;
  }
}
