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

  /** The oldest, at most so many. */
  take(limit: number): OutgoingPacket[] {
    if (this.packets.length <= limit) {
      const all = this.packets;
      this.clear();
      return all;
    }
    const some = this.packets.splice(0, limit);
    for (const { data } of some) this.bytes -= dataBytes(data);
    return some;
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
