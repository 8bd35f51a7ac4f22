import type { MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { BrokerSubscriptions } from '../../../bridges/mqtt/broker-subscriptions.ts';
import { SubscribedFilters } from '../../../bridges/mqtt/subscribed-filters.ts';
import { leaveShares, subscribe, type SubscribingOptions } from '../../../bridges/mqtt/subscribing.ts';
import { silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryState } from './memory-state.ts';

/** A broker that refuses some filters, and closes where it is asked for others. */
class PickyBroker {
  connected = true;
  readonly asked: string[] = [];
  readonly left: string[] = [];
  readonly #refuses: string | undefined;
  readonly #closesAt: string | undefined;

  constructor({ refuses, closesAt }: { readonly refuses?: string; readonly closesAt?: string } = {}) {
    this.#refuses = refuses;
    this.#closesAt = closesAt;
  }
  async subscribeAsync(filter: string): Promise<{ readonly qos: number }[]> {
    this.asked.push(filter);
    if (filter === this.#closesAt) {
      this.connected = false;
      throw new Error('closed');
    }
    return [{ qos: filter === this.#refuses ? 135 : 1 }];
  }
  async unsubscribeAsync(filters: string | readonly string[]): Promise<void> {
    this.left.push(...[filters].flat());
  }
}

function optionsFor(broker: PickyBroker, more: Partial<SubscribingOptions> = {}): SubscribingOptions {
  return {
    client: broker as unknown as MqttClient,
    name: 'attic',
    clock: new ManualClock(),
    log: silentLog,
    subscriptions: new BrokerSubscriptions('signalbox', more.share),
    remembered: undefined,
    protocolVersion: 5,
    wantsReplays: true,
    sessionPresent: true,
    ...more,
  };
}

test('a filter that the broker refuses is told to people', async () => {
  const broker = new PickyBroker({ refuses: '#' });
  expect(await subscribe(optionsFor(broker))).toEqual(['the broker refuses to let this hub read #']);
  expect(broker.asked).toEqual(['#', '$SYS/#']);
});

test('a broker that closes when it is asked for what it tells of itself is not asked again', async () => {
  const broker = new PickyBroker({ closesAt: '$SYS/#' });
  const options = optionsFor(broker);
  await expect(subscribe(options)).rejects.toThrow('closed');
  const again = new PickyBroker({ closesAt: '$SYS/#' });
  expect(await subscribe({ ...options, client: again as unknown as MqttClient })).toEqual([]);
  expect(again.asked).toEqual(['#']);
});

test('a former share is left where the session is still there, and forgotten where it is not', async () => {
  for (const sessionPresent of [true, false]) {
    const remembered = new SubscribedFilters(new MemoryState(), 'attic');
    await subscribe(optionsFor(new PickyBroker(), { share: 'old', remembered }));
    const broker = new PickyBroker();
    const notes = await subscribe(optionsFor(broker, { share: 'new', remembered, sessionPresent }));
    expect(notes).toEqual(sessionPresent ? ['left its former share old'] : []);
    expect(broker.left.includes('$share/old/#')).toBe(sessionPresent);
    expect(await subscribe(optionsFor(new PickyBroker(), { share: 'new', remembered }))).toEqual([]);
  }
});

test('a share is left before the hub goes; a connection that is gone already is left alone', async () => {
  const broker = new PickyBroker();
  await leaveShares(broker as unknown as MqttClient, ['$share/hubs/#'], silentLog);
  broker.connected = false;
  await leaveShares(broker as unknown as MqttClient, ['$share/hubs/#'], silentLog);
  expect(broker.left).toEqual(['$share/hubs/#']);
});
