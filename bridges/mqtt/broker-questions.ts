/** What the embedded broker asks the hub about its clients, and what it tells of them. Types only. */
import type { Acknowledgement } from './meaning.ts';
import type { InboundPacket } from './publish-packet.ts';

export interface BrokerClient {
  /** Empty until CONNECT was read. */
  readonly id: string;
  readonly address: string;
  /** Its session ends with the connection. */
  readonly clean: boolean;
  readonly connected: boolean;
  readonly filters: readonly string[];
  /**
   * Hands a message to this client alone, with QoS 0: it is never kept for a later connection. Rejects if the
   * connection ended before it was written.
   */
  send(topic: string, payload: Uint8Array): Promise<void>;
  close(): void;
}

export interface BrokerQuestions {
  /** Before CONNACK. A number is the return code of the refusal (MQTT 3.1.1, §3.2.2.3). */
  authenticate(client: BrokerClient, password: string | undefined): true | 2 | 5;
  /** May this be published, and may it be retained? `false` closes the connection. */
  mayPublish(client: BrokerClient, packet: InboundPacket): 'yes' | 'not-retained' | false;
  /** Takes the message into the hub, once per message, before PUBACK or PUBREC leaves. */
  take(client: BrokerClient, packet: InboundPacket, acknowledgement: Acknowledgement): void;
  /** QoS 2: the packet id is free again. */
  released(client: BrokerClient, packetId: number): Promise<void>;
  /** `false` is answered as failure (SUBACK 0x80). */
  maySubscribe(client: BrokerClient, filter: string): boolean;
  /** Asked for every delivery: rights may have ended since the subscription. */
  mayReceive(client: BrokerClient, topic: string): boolean;
}

export interface BrokerNews {
  /** The login was accepted; CONNACK follows. */
  arrived(client: BrokerClient): void;
  /** Subscriptions changed, or a session's were restored. */
  subscriptionsChanged(client: BrokerClient): void;
  gone(client: BrokerClient): void;
  /** CONNECT with another protocol level than 3 or 4. */
  refusedVersion(clientId: string, level: number, address: string): void;
  failed(client: BrokerClient | undefined, error: Error): void;
  /** The queue of a session whose client is away is full; this message is not kept for it. */
  queueFull(clientId: string): void;
}
