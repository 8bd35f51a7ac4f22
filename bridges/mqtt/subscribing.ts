/**
 * Brings the session at somebody else's broker to what is planned: subscribes, and gives up what an earlier plan left there.
 * What the broker refuses is told to people, because from it nothing is heard.
 */
import type { MqttClient } from 'mqtt';
import type { Log } from '#ports';
import { systemFilter, type BrokerSubscriptions } from './broker-subscriptions.ts';
import { learnShares, type ShareProbeOptions } from './share-probe.ts';
import type { SubscribedFilters } from './subscribed-filters.ts';

export interface SubscribingOptions extends ShareProbeOptions {
  readonly subscriptions: BrokerSubscriptions;
  /** Undefined: nothing is remembered. */
  readonly remembered: SubscribedFilters | undefined;
  readonly protocolVersion: 4 | 5;
  readonly wantsReplays: boolean;
  readonly sessionPresent: boolean;
}

/**
 * @returns what people should know of it, as parts of a sentence
 * @throws {Error} the connection ended, or the store could not remember: the next connection tries again
 */
export async function subscribe(options: SubscribingOptions): Promise<string[]> {
  const { client, subscriptions, protocolVersion, remembered, sessionPresent } = options;
  await learnShares(subscriptions, protocolVersion, options);
  const plan = subscriptions.plan(protocolVersion, options.wantsReplays);
  const left = (await remembered?.add(plan.map(({ filter }) => filter))) ?? [];
  const refused: string[] = [];
  for (const { filter, options: how } of plan) {
    const [granted] = await client.subscribeAsync(filter, how).catch((error: unknown) => {
      // Some brokers close instead of saying no; what they tell of themselves is not worth all the rest.
      if (filter === systemFilter && !client.connected) subscriptions.withoutSystem = true;
      throw error;
    });
    if (granted !== undefined && granted.qos > 2) refused.push(filter);
  }
  if (refused.length > 0)
    options.log.warn('The broker refused subscriptions.', { broker: options.name, refused });
  const notes = refused.length === 0 ? [] : [`the broker refuses to let this hub read ${refused.join(', ')}`];
  if (sessionPresent) {
    const unwanted = new Set([...subscriptions.outdated(protocolVersion), ...left]);
    notes.push(...(await giveUp(client, [...unwanted], options)));
  }
  await remembered?.remove(left);
  return notes;
}

/** The others of the group take over; the session stays. */
export async function leaveShares(client: MqttClient, filters: readonly string[], log: Log): Promise<void> {
  if (filters.length === 0 || !client.connected) return;
  await client.unsubscribeAsync([...filters]).catch((error: unknown) => {
    log.warn('The share could not be left.', { why: String(error) });
  });
}

async function giveUp(
  client: MqttClient,
  filters: readonly string[],
  {
    name: broker,
    share,
    log,
  }: { readonly name: string; readonly share?: string | undefined; readonly log: Log },
): Promise<string[]> {
  for (const filter of filters) await client.unsubscribeAsync(filter);
  const shares = filters.flatMap((filter) => /^\$share\/([^/]+)\//.exec(filter)?.[1] ?? []);
  for (const was of shares)
    log.warn('The share of this hub was renamed or given up: it left the old one.', { broker, was, share });
  return shares.map((was) => `left its former share ${was}`);
}
