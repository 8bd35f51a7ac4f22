/** Which stored row belongs to a message in a client's queue: found by its number here, or its packet id there. */
import type { StoredPacket } from './stored-packet.ts';

interface Queue {
  readonly byKey: Map<string, StoredPacket>;
  readonly keyById: Map<number, string>;
}

export class QueueIndex {
  readonly #queues = new Map<string, Queue>();

  add(client: string, packet: StoredPacket): void {
    let queue = this.#queues.get(client);
    if (queue === undefined) {
      queue = { byKey: new Map(), keyById: new Map() };
      this.#queues.set(client, queue);
    }
    const key = keyOf(packet);
    queue.byKey.set(key, packet);
    if (packet.messageId !== undefined) queue.keyById.set(packet.messageId, key);
  }

  find(client: string, packet: StoredPacket): StoredPacket | undefined {
    const queue = this.#queues.get(client);
    const key = packet.brokerId === undefined ? undefined : keyOf(packet);
    const found = key === undefined ? undefined : queue?.byKey.get(key);
    if (found !== undefined || packet.messageId === undefined) return found;
    return queue?.byKey.get(queue.keyById.get(packet.messageId) ?? '');
  }

  delete(client: string, packet: StoredPacket): void {
    const queue = this.#queues.get(client);
    if (queue === undefined) return;
    queue.byKey.delete(keyOf(packet));
    if (packet.messageId !== undefined) queue.keyById.delete(packet.messageId);
    if (queue.byKey.size === 0) this.#queues.delete(client);
  }

  /** How many messages wait for a client. */
  sizeOf(client: string): number {
    return this.#queues.get(client)?.byKey.size ?? 0;
  }
}

/** A message's number at the broker that took it: unique, because each start of a broker has a name of its own. */
export function keyOf({ brokerId = '', brokerCounter = 0 }: StoredPacket): string {
  return `${brokerId}:${brokerCounter}`;
}
