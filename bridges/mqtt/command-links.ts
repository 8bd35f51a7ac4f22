/**
 * The ways to devices at the embedded broker, of commands and of what is desired: a link per device and kind, as long as
 * a client that speaks for the device subscribes to its topic. Spec: ARCHITECTURE §6 and §8.
 */
import type { CommandMessage } from '#contract/command.ts';
import type { DesiredMessage } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import { matchesTopic } from '#contract/topic-filters.ts';
import { formatTopic } from '#contract/topics.ts';
import type { Commands, Counters, Devices, Link, TwinLink } from '#ports';
import type { BrokerClient } from './broker-questions.ts';

interface DeviceName {
  readonly group: string;
  readonly device: string;
}

interface ClientLinks {
  /** The devices this client speaks for, by `group/device`. */
  readonly devices: Map<string, DeviceName>;
  /** What ends each link that is open now, by kind and device. */
  readonly detach: Map<string, () => void>;
}

const linkKinds = ['command', 'desired'] as const;
type LinkKind = (typeof linkKinds)[number];

export interface CommandLinksOptions {
  readonly commands: Pick<Commands, 'attach'>;
  readonly devices: Pick<Devices, 'attach'>;
  readonly counters: Counters;
  readonly topicRoot: string;
}

export class CommandLinks {
  readonly #counters: Counters;
  readonly #root: string;
  /** What opens a link of each kind. */
  readonly #attach: Readonly<Record<LinkKind, (client: BrokerClient, name: DeviceName) => () => void>>;
  readonly #clients = new Map<BrokerClient, ClientLinks>();

  constructor({ commands, devices, counters, topicRoot }: CommandLinksOptions) {
    this.#counters = counters;
    this.#root = topicRoot;
    this.#attach = {
      command: (client, name) => commands.attach(name.group, name.device, this.#commandLink(client, name)),
      desired: (client, name) => devices.attach(name.group, name.device, this.#twinLink(client, name)),
    };
  }

  /** The client speaks for this device: its own one, or one a gateway has published for. */
  speaksFor(client: BrokerClient, group: string, device: string): void {
    const links = this.#of(client);
    const key = `${group}/${device}`;
    if (links.devices.has(key)) return;
    if (links.devices.size >= limits.devicesPerGroup)
      return this.#counters.count('mqtt.refused', 'too-many-devices');
    const name = { group, device };
    links.devices.set(key, name);
    this.#updateDevice(client, links, client.filters, name);
  }

  /** Subscriptions came or went. */
  subscriptionsChanged(client: BrokerClient): void {
    const links = this.#of(client);
    // A gateway may name one device in a filter before it ever publishes for it.
    for (const filter of client.filters) {
      const [root, group, device, verb] = filter.split('/');
      const isWay = root === this.#root && (verb === 'commands' || verb === 'desired');
      if (isWay && group && device && group !== '+' && device !== '+')
        links.devices.set(`${group}/${device}`, { group, device });
    }
    this.#update(client, links);
  }

  gone(client: BrokerClient): void {
    const links = this.#clients.get(client);
    this.#clients.delete(client);
    for (const detach of links?.detach.values() ?? []) detach();
  }

  #of(client: BrokerClient): ClientLinks {
    let links = this.#clients.get(client);
    if (links === undefined) {
      links = { devices: new Map(), detach: new Map() };
      this.#clients.set(client, links);
    }
    return links;
  }

  #update(client: BrokerClient, links: ClientLinks): void {
    const { filters } = client;
    for (const name of links.devices.values()) this.#updateDevice(client, links, filters, name);
  }

  #updateDevice(
    client: BrokerClient,
    links: ClientLinks,
    filters: readonly string[],
    name: DeviceName,
  ): void {
    for (const kind of linkKinds) {
      const topic = formatTopic({ kind, ...name, id: 'x' }, this.#root);
      const reachable = filters.some((filter) => matchesTopic(filter, topic));
      const key = `${kind} ${name.group}/${name.device}`;
      const detach = links.detach.get(key);
      if (reachable && detach === undefined) links.detach.set(key, this.#attach[kind](client, name));
      if (reachable || detach === undefined) continue;
      links.detach.delete(key);
      detach();
    }
  }

  #twinLink(client: BrokerClient, name: DeviceName): TwinLink {
    return {
      edge: 'mqtt',
      desire: (desired) =>
        client.send(formatTopic({ kind: 'desired', ...name }, this.#root), encodeDesired(desired)),
    };
  }

  #commandLink(client: BrokerClient, name: DeviceName): Link {
    return {
      edge: 'mqtt',
      deliver: async (command, signal) => {
        signal.throwIfAborted();
        if (!client.connected) throw new Error('The device is not connected any more.');
        const topic = formatTopic({ kind: 'command', ...name, id: command.id }, this.#root);
        await client.send(topic, encodeCommand(command));
        return undefined;
      },
    };
  }
}

/** The id travels in the payload too: MQTT 3.1.1 has no properties for it. */
export function encodeCommand(command: CommandMessage): Uint8Array {
  const { id, name, args, deadline, ttlMs } = command;
  return Buffer.from(JSON.stringify({ id, name, args, deadline, ttlMs }));
}

export function encodeDesired({ version, desired, delta }: DesiredMessage): Uint8Array {
  return Buffer.from(JSON.stringify({ version, desired, delta }));
}
