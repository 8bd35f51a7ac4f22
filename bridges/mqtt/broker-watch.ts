/**
 * What is known of somebody else's broker: what came from it and was acknowledged, and what it says of itself under
 * `$SYS`: which one it is, and whether it dropped messages. From that the status explains what it will lose while the hub
 * is away, with the lines to change.
 * Spec: mosquitto.conf(5) and mosquitto(8), broker status.
 */
import type { EdgeStatus } from '#contract/status.ts';

export class BrokerWatch {
  received = 0;
  /** PUBACKs that left. */
  acknowledged = 0;
  reconnects = 0;
  #version: string | undefined;
  #dropped: number | undefined;
  #droppedSince = 0;

  /** @returns how many messages the broker has dropped since it was last heard, if this tells of some */
  heard(topic: string, payload: Uint8Array): number | undefined {
    if (topic === '$SYS/broker/version') this.#version = Buffer.from(payload).toString().slice(0, 64);
    if (topic !== '$SYS/broker/publish/messages/dropped') return undefined;
    const total = Number(Buffer.from(payload).toString());
    if (!Number.isSafeInteger(total)) return undefined;
    const before = this.#dropped;
    this.#dropped = total;
    // It counts from its own start: a smaller figure is a new start, and the first one is not about us.
    const more = before === undefined || total < before ? 0 : total - before;
    this.#droppedSince += more;
    return more === 0 ? undefined : more;
  }

  get figures(): Pick<EdgeStatus, 'messages' | 'reconnects' | 'droppedByBroker'> {
    const { received, acknowledged, reconnects } = this;
    const dropped = this.#droppedSince;
    return {
      messages: { received, acknowledged },
      reconnects,
      ...(dropped > 0 && { droppedByBroker: dropped }),
    };
  }

  get advice(): string {
    if (this.#version?.startsWith('mosquitto') !== true)
      return 'While the hub is away the broker keeps what its queue for our session holds, and perhaps no QoS 0: its documentation tells how much.';
    return 'While the hub is away Mosquitto keeps at most 1000 messages of QoS 1 and 2 for it, unless its configuration says otherwise, none of QoS 0, and none over a restart of its own. To keep more, in mosquitto.conf: max_queued_messages 100000; max_queued_bytes 0; queue_qos0_messages true; persistence true.';
  }
}
