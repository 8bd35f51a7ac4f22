/**
 * Whether a broker that speaks only MQTT 3.1.1 with us divides messages by shared subscriptions, of which that version knows
 * nothing. One that does not takes `$share/…` for a filter that nothing matches, and telemetry would be missed in silence.
 * So only Mosquitto from 1.6 on is trusted, by what it says of itself: it has shares in every version of MQTT, and sends what
 * overlapping subscriptions select once to such a client. Spec: MQTT 5, §4.8.2; mosquitto(8), broker status.
 */
import type { MqttClient } from 'mqtt';
import type { Clock, Log } from '#ports';
import type { BrokerSubscriptions } from './broker-subscriptions.ts';

export interface ShareProbeOptions {
  readonly client: MqttClient;
  readonly name: string;
  readonly share?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const versionTopic = '$SYS/broker/version';
/** It is retained: it comes at once, or not at all. */
const patienceMs = 3000;

/** Asks the broker, once, where the answer decides what is subscribed to. */
export async function learnShares(
  subscriptions: BrokerSubscriptions,
  protocolVersion: 4 | 5,
  options: ShareProbeOptions,
): Promise<void> {
  if (!subscriptions.mustAskForShares(protocolVersion)) return;
  const version = await versionOf(options);
  // No answer is one only from a broker that is there; the next connection asks again.
  if (!options.client.connected) return;
  subscriptions.sharesWithoutMqtt5 = hasShares(version);
  if (subscriptions.sharesWithoutMqtt5) return;
  const { name: broker, share, log } = options;
  const facts = { broker, share, version };
  log.warn('The broker may not divide messages: this hub reads everything, the share is not used.', facts);
}

async function versionOf({ client, clock }: ShareProbeOptions): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const hear = (topic: string, payload: Uint8Array): void => {
    if (topic === versionTopic) resolve(Buffer.from(payload).toString().slice(0, 64));
  };
  const cancel = clock.after(patienceMs, () => resolve(undefined));
  client.on('message', hear);
  try {
    await client.subscribeAsync(versionTopic, { qos: 0 }).catch(() => resolve(undefined));
    return await promise;
  } finally {
    cancel();
    client.off('message', hear);
  }
}

function hasShares(version: string | undefined): boolean {
  const [, major = 0, minor = 0] = /^mosquitto version (\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 6);
}
