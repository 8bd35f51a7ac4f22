/**
 * What the hub subscribes to at somebody else's broker, and which copy of a message counts. Alone it reads everything
 * by one filter. Hubs that share a group divide telemetry among them; what every hub has to know (discovery, status,
 * answers to commands, `$` topics, Sparkplug, whose sequence must not be split) each reads by filters of its own.
 * In MQTT 3.1.1 copies cannot be told apart: there it relies on a broker that sends each client one (`share-probe.ts`).
 * Spec: MQTT 5, §3.3.4 (subscription identifiers), §4.8.2 (shared subscriptions, no retained messages). Pure.
 */
import type { IClientSubscribeOptions, IPublishPacket } from 'mqtt';
import { matchesTopic } from '#contract/topic-filters.ts';

export interface Subscription {
  readonly filter: string;
  readonly options: IClientSubscribeOptions;
}

export type Copy = 'counts' | 'comes-apart-too' | 'shared-replay';

const identifiers = { own: 1, shared: 2 } as const;
const everything = '#';
/** What brokers tell of themselves; `#` does not select it. */
export const systemFilter = '$SYS/#';
const everyHub = [
  'spBv1.0/#',
  'homeassistant/#',
  'tasmota/discovery/#',
  'esphome/discover/#',
  '+/5/+/$state',
  '+/5/+/$description',
  'homie/+/+',
  ...['name', 'unit', 'datatype', 'format', 'settable', 'retained'].map((told) => `homie/+/+/+/$${told}`),
  '+/_CLIENTS/#',
  'zwave/+/status',
  'zwave/+/+/status',
  'wled/+/status',
  '+/status',
  'tele/+/LWT',
  '+/+/LWT',
  '+/bridge/#',
  '+/+/availability',
  '+/online',
  '+/+/online',
];

export class BrokerSubscriptions {
  readonly #root: string;
  readonly #share: string | undefined;
  /** Whether the broker divides telemetry in MQTT 3.1.1 too; undefined until it was asked. */
  sharesWithoutMqtt5: boolean | undefined;
  /** The broker closed the connection when it was asked for what it tells of itself. */
  withoutSystem = false;

  /** @param share the group that divides telemetry; undefined: this hub reads everything */
  constructor(root: string, share: string | undefined) {
    this.#root = root;
    this.#share = share;
  }

  /** @param wantsReplays ask for retained messages: once per process, not at every reconnect */
  plan(protocolVersion: 4 | 5, wantsReplays: boolean): readonly Subscription[] {
    if (protocolVersion === 4) {
      const filters = this.isShared(4)
        ? [...this.#ownFilters(), this.#sharedFilter()]
        : [everything, ...this.#systemFilters()];
      return filters.map((filter) => ({ filter, options: { qos: 1 } }));
    }
    // Retain As Published 0: only replays carry the flag.
    const common = { qos: 1, rap: false, rh: wantsReplays ? 0 : 2 } as const;
    if (this.#share === undefined)
      return [everything, ...this.#systemFilters()].map((filter) => ({
        filter,
        options: { ...common, nl: true },
      }));
    const own = { ...common, nl: true, properties: { subscriptionIdentifier: identifiers.own } };
    // §3.8.3.1: No Local on a shared subscription is a protocol error.
    const shared = { ...common, properties: { subscriptionIdentifier: identifiers.shared } };
    return [
      ...this.#ownFilters().map((filter) => ({ filter, options: own })),
      { filter: this.#sharedFilter(), options: shared },
    ];
  }

  mustAskForShares(protocolVersion: 4 | 5): boolean {
    return this.#share !== undefined && protocolVersion === 4 && this.sharesWithoutMqtt5 === undefined;
  }

  isShared(protocolVersion: 4 | 5): boolean {
    return this.#share !== undefined && (protocolVersion === 5 || this.sharesWithoutMqtt5 === true);
  }

  /** To be given up before the hub goes: the others of the group take over. */
  leaving(protocolVersion: 4 | 5): readonly string[] {
    return this.isShared(protocolVersion) ? [this.#sharedFilter()] : [];
  }

  /** To be given up once the plan is in place: what the session still has from a time without the share. */
  outdated(protocolVersion: 4 | 5): readonly string[] {
    return this.isShared(protocolVersion) ? [everything] : [];
  }

  /** Which of the copies that overlapping subscriptions bring is to be taken. */
  judge(topic: string, { properties, retain }: IPublishPacket): Copy {
    if (this.#share === undefined) return 'counts';
    if (properties === undefined)
      return this.sharesWithoutMqtt5 === true && retain && !this.#isOwn(topic) ? 'shared-replay' : 'counts';
    const ids: readonly number[] = [properties.subscriptionIdentifier ?? []].flat();
    if (!ids.includes(identifiers.shared) || ids.includes(identifiers.own)) return 'counts';
    if (this.#isOwn(topic)) return 'comes-apart-too';
    // §4.8.2 forbids them; Mosquitto 2.0 sends them all the same.
    return retain ? 'shared-replay' : 'counts';
  }

  #isOwn(topic: string): boolean {
    return this.#ownFilters().some((filter) => matchesTopic(filter, topic));
  }

  #sharedFilter(): string {
    return `$share/${this.#share}/#`;
  }

  #systemFilters(): readonly string[] {
    return this.withoutSystem ? [] : [systemFilter];
  }

  #ownFilters(): readonly string[] {
    const root = this.#root;
    return [...this.#systemFilters(), `${root}/+/+/status`, `${root}/+/+/commands/#`, ...everyHub];
  }
}
