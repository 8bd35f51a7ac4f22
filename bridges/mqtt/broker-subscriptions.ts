/**
 * What the hub subscribes to at somebody else's broker, and which copy of a message counts. Alone it reads everything
 * by one filter. Hubs that share a group divide telemetry among them; what every hub has to know (discovery, status,
 * answers to commands, `$` topics, Sparkplug, whose sequence must not be split) each reads by filters of its own.
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
const systemFilter = '$SYS/broker/#';
const everyHub = [
  'spBv1.0/#',
  'homeassistant/#',
  'tasmota/discovery/#',
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

  /** @param share the group that divides telemetry; undefined: this hub reads everything */
  constructor(root: string, share: string | undefined) {
    this.#root = root;
    this.#share = share;
  }

  /** @param wantsReplays ask for retained messages: once per process, not at every reconnect */
  plan(protocolVersion: 4 | 5, wantsReplays: boolean): readonly Subscription[] {
    // Copies can be told apart only by identifiers, which MQTT 3.1.1 has not.
    if (protocolVersion === 4) return ['#', systemFilter].map((filter) => ({ filter, options: { qos: 1 } }));
    // Retain As Published 0: only replays carry the flag.
    const common = { qos: 1, rap: false, rh: wantsReplays ? 0 : 2 } as const;
    if (this.#share === undefined)
      return ['#', systemFilter].map((filter) => ({ filter, options: { ...common, nl: true } }));
    const own = { ...common, nl: true, properties: { subscriptionIdentifier: identifiers.own } };
    // §3.8.3.1: No Local on a shared subscription is a protocol error.
    const shared = { ...common, properties: { subscriptionIdentifier: identifiers.shared } };
    return [
      ...this.#ownFilters().map((filter) => ({ filter, options: own })),
      { filter: this.#sharedFilter(), options: shared },
    ];
  }

  /** To be given up before the hub goes: the others of the group take over. */
  leaving(protocolVersion: 4 | 5): readonly string[] {
    return this.#share === undefined || protocolVersion === 4 ? [] : [this.#sharedFilter()];
  }

  /** Which of the copies that overlapping subscriptions bring is to be taken. */
  judge(topic: string, { properties, retain }: IPublishPacket): Copy {
    if (this.#share === undefined) return 'counts';
    const ids: readonly number[] = [properties?.subscriptionIdentifier ?? []].flat();
    if (!ids.includes(identifiers.shared) || ids.includes(identifiers.own)) return 'counts';
    if (this.#ownFilters().some((filter) => matchesTopic(filter, topic))) return 'comes-apart-too';
    // §4.8.2 forbids them; Mosquitto 2.0 sends them all the same.
    return retain ? 'shared-replay' : 'counts';
  }

  #sharedFilter(): string {
    return `$share/${this.#share}/#`;
  }

  #ownFilters(): readonly string[] {
    const root = this.#root;
    return [systemFilter, `${root}/+/+/status`, `${root}/+/+/commands/#`, ...everyHub];
  }
}
