/**
 * The way of commands to devices behind an external broker. Nobody tells us who is subscribed there: a device can be
 * reached from its first message on our topics until its status says `offline` or the connection ends.
 * Spec: ARCHITECTURE §6.
 */
import type { MqttClient } from 'mqtt';
import { limits } from '#contract/limits.ts';
import { formatTopic, type OwnTopic } from '#contract/topics.ts';
import type { Commands, Counters, Devices, Link, TwinLink } from '#ports';
import { encodeCommand, encodeDesired } from './command-links.ts';
import type { WayBack } from './meaning.ts';

export interface PublishedLinksOptions {
  readonly commands: Pick<Commands, 'attach'>;
  readonly devices: Pick<Devices, 'attach'>;
  readonly counters: Counters;
  readonly topicRoot: string;
}

export class PublishedLinks {
  readonly #options: PublishedLinksOptions;
  readonly #detach = new Map<string, () => void>();

  constructor(options: PublishedLinksOptions) {
    this.#options = options;
  }

  /** A message on one of our own topics. */
  heard(own: OwnTopic, payload: Uint8Array, client: MqttClient | undefined): void {
    const key = `${own.group}/${own.device}`;
    const isOffline = own.kind === 'status' && Buffer.from(payload).includes('offline');
    const detach = this.#detach.get(key);
    if (isOffline) {
      this.#detach.delete(key);
      return detach?.();
    }
    if (detach !== undefined || client === undefined) return;
    if (this.#detach.size >= limits.devicesPerGroup)
      return this.#options.counters.count('mqtt.refused', 'too-many-devices');
    const { commands, devices } = this.#options;
    const ends = [
      commands.attach(own.group, own.device, this.#link(client, own)),
      devices.attach(own.group, own.device, this.#twinLink(client, own)),
    ];
    this.#detach.set(key, () => ends.forEach((end) => end()));
  }

  clear(): void {
    const all = [...this.#detach.values()];
    this.#detach.clear();
    for (const detach of all) detach();
  }

  /** Retained: nobody tells us when the device connects. What it holds is right whenever it is read. */
  #twinLink(client: MqttClient, { group, device }: OwnTopic): TwinLink {
    return {
      edge: 'mqtt',
      desire: async (desired) => {
        if (!client.connected) throw new Error('The broker is not connected.');
        const topic = formatTopic({ kind: 'desired', group, device }, this.#options.topicRoot);
        await client.publishAsync(topic, Buffer.from(encodeDesired(desired)), { qos: 1, retain: true });
      },
    };
  }

  #link(client: MqttClient, { group, device }: OwnTopic): Link {
    return {
      edge: 'mqtt',
      deliver: async (command, signal) => {
        signal.throwIfAborted();
        if (!client.connected) throw new Error('The broker is not connected.');
        const topic = formatTopic(
          { kind: 'command', group, device, id: command.id },
          this.#options.topicRoot,
        );
        // QoS 0, and an expiry where the broker knows one: a command must not wait in a session.
        await client.publishAsync(topic, Buffer.from(encodeCommand(command)), {
          qos: 0,
          ...(client.options.protocolVersion === 5
            ? {
                properties: {
                  messageExpiryInterval: Math.max(1, Math.ceil(command.ttlMs / 1000)),
                  responseTopic: `${topic}/result`,
                  correlationData: Buffer.from(command.id),
                  contentType: 'application/json',
                },
              }
            : {}),
        });
        return undefined;
      },
    };
  }
}

/** What devices behind the broker are told in their family's words; never on topics that are ours or the broker's. */
export function brokerBack(current: () => MqttClient | undefined, topicRoot: string): WayBack {
  return {
    isOpen: () => current()?.connected === true,
    async publish(topic, payload, ttlMs) {
      const client = current();
      if (client?.connected !== true) throw new Error('The broker is not connected.');
      if (/[#+\0]|^\$/.test(topic) || topic.startsWith(`${topicRoot}/`))
        throw new Error(`Nothing may be said to a device on ${topic}.`);
      const messageExpiryInterval = ttlMs === undefined ? undefined : Math.max(1, Math.ceil(ttlMs / 1000));
      const isExpiring = client.options.protocolVersion === 5 && messageExpiryInterval !== undefined;
      await client.publishAsync(topic, Buffer.from(payload), {
        qos: 0,
        ...(isExpiring ? { properties: { messageExpiryInterval } } : {}),
      });
    },
  };
}
