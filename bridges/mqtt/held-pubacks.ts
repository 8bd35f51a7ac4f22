/**
 * Holds outgoing PUBACKs back, in order, until what the messages brought is durable.
 * mqtt.js acknowledges as soon as `handleMessage` calls back, and handles one packet at a time: waiting there would be
 * one message per commit. So it is let go at once and the PUBACK is kept here instead. That overrides its private
 * `_sendPacket`: mqtt is pinned, and this file's test fails when an upgrade breaks it.
 * Spec: MQTT 3.1.1 and 5.0, §4.6 (PUBACKs in the order of the PUBLISHes).
 */
import type { MqttClient } from 'mqtt';

interface Puback {
  readonly cmd: 'puback';
  readonly messageId: number;
}

type SendPacket = (
  packet: { readonly cmd: string; readonly messageId?: number },
  done?: () => void,
  ...rest: unknown[]
) => void;

/** Half of what Mosquitto sends before it waits for an acknowledgement (`max_inflight_messages`). */
const crowd = 10;

interface Held {
  puback: Puback | undefined;
  isDurable: boolean;
}

export class HeldPubacks {
  /** In the order in which the messages came; the broker's inflight window (Receive Maximum) bounds it. */
  readonly #held: Held[] = [];
  /** The message whose PUBACK mqtt.js is about to send. */
  readonly #expected = new Map<number, Held>();
  readonly #send: SendPacket;
  readonly #onSent: () => void;
  #isClosed = false;
  #refusesOthers = false;
  #onEmpty: () => void = () => {};

  /**
   * @param onSent is called for each PUBACK that leaves
   * @throws {Error} this version of mqtt has no `_sendPacket` to hold back
   */
  constructor(client: MqttClient, onSent: () => void = () => {}) {
    this.#onSent = onSent;
    const inside = client as unknown as { _sendPacket?: SendPacket };
    const send = inside._sendPacket;
    if (typeof send !== 'function')
      throw new TypeError('mqtt was upgraded to a version whose acknowledgements cannot be held back.');
    this.#send = send.bind(client);
    inside._sendPacket = (packet, done, ...rest) => {
      const held = packet.cmd === 'puback' ? this.#expected.get(packet.messageId ?? 0) : undefined;
      if (held === undefined) {
        // Nobody took that message: an acknowledgement would lose it.
        if (packet.cmd === 'puback' && this.#refusesOthers) return done?.();
        return this.#send(packet, done, ...rest);
      }
      this.#expected.delete(packet.messageId ?? 0);
      held.puback = packet as Puback;
      done?.();
      this.#flush();
    };
    // The broker sends what was not acknowledged again, under new or the same ids, on its next connection.
    client.once('close', () => {
      this.#isClosed = true;
      this.#held.length = 0;
      this.#expected.clear();
      this.#onEmpty();
    });
  }

  /** The connection has ended: nothing is acknowledged any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** So many are held that the broker may soon send nothing more before one of them leaves. */
  get isCrowded(): boolean {
    return this.#held.length >= crowd;
  }

  /**
   * Call it when a QoS 1 message arrives, before mqtt.js answers it.
   * @returns call this when the message is durable
   */
  hold(messageId: number): () => void {
    const held: Held = { puback: undefined, isDurable: false };
    this.#held.push(held);
    this.#expected.set(messageId, held);
    return () => {
      held.isDurable = true;
      this.#flush();
    };
  }

  /** From now on a message that was not held is not acknowledged: the broker will send it again. */
  refuseOthers(): void {
    this.#refusesOthers = true;
  }

  /** Resolves when nothing is held back any more, or the connection has ended. */
  empty(): Promise<void> {
    if (this.#held.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #flush(): void {
    while (!this.#isClosed) {
      const [first] = this.#held;
      if (first?.puback === undefined || !first.isDurable) break;
      this.#held.shift();
      this.#send(first.puback);
      this.#onSent();
    }
    if (this.#held.length === 0) this.#onEmpty();
  }
}
