import { EventEmitter } from 'node:events';
import type { MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { BrokerSubscriptions } from '../../../bridges/mqtt/broker-subscriptions.ts';
import { learnShares } from '../../../bridges/mqtt/share-probe.ts';
import { silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** A broker that says this of itself once it is asked; `undefined`: nothing. */
class SaysVersion extends EventEmitter {
  asked = 0;
  connected = true;
  readonly #version: string | undefined;

  constructor(version: string | undefined) {
    super();
    this.#version = version;
  }
  async subscribeAsync(topic: string): Promise<void> {
    this.asked += 1;
    this.emit('message', 'elsewhere', Buffer.from('mosquitto version 9.0'));
    if (this.#version !== undefined) this.emit('message', topic, Buffer.from(this.#version));
  }
}

for (const [version, isShared] of [
  ['mosquitto version 2.0.11', true],
  ['mosquitto version 1.6.0', true],
  ['mosquitto version 1.5.7', false],
  ['HBMQTT version 0.9', false],
  [undefined, false],
] as const)
  test(`a broker that says ${version ?? 'nothing of itself within 3 s'} is ${isShared ? '' : 'not '}relied on`, async () => {
    const clock = new ManualClock();
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (text: string) => void warnings.push(text) };
    const client = new SaysVersion(version);
    const options = { client: client as unknown as MqttClient, name: 'attic', share: 'hubs', clock, log };
    const subscriptions = new BrokerSubscriptions('signalbox', 'hubs');
    const learnt = learnShares(subscriptions, 4, options);
    clock.advance(3000);
    await learnt;
    expect(subscriptions.isShared(4)).toBe(isShared);
    expect(warnings).toHaveLength(isShared ? 0 : 1);
    // Once; and never in MQTT 5, which has shares.
    await learnShares(subscriptions, 4, options);
    await learnShares(new BrokerSubscriptions('signalbox', 'hubs'), 5, options);
    expect([client.asked, client.listenerCount('message')]).toEqual([1, 0]);
  });

test('a connection that ends meanwhile tells nothing: the next one is asked', async () => {
  const clock = new ManualClock();
  const client = new SaysVersion(undefined);
  client.connected = false;
  const options = { client: client as unknown as MqttClient, name: 'attic', share: 'hubs', clock };
  const subscriptions = new BrokerSubscriptions('signalbox', 'hubs');
  const learnt = learnShares(subscriptions, 4, { ...options, log: silentLog });
  clock.advance(3000);
  await learnt;
  expect(subscriptions.mustAskForShares(4)).toBe(true);
});
