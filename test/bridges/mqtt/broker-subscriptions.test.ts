import { describe, expect, test } from 'vitest';
import { matchesTopic } from '#contract/topic-filters.ts';
import { BrokerSubscriptions } from '../../../bridges/mqtt/broker-subscriptions.ts';

const alone = new BrokerSubscriptions('signalbox', undefined);
const sharing = new BrokerSubscriptions('signalbox', 'hubs');
const copy = (ids: number | number[] | undefined, retain = false) =>
  ({
    cmd: 'publish',
    topic: '',
    payload: '',
    qos: 1,
    dup: false,
    retain,
    properties: { subscriptionIdentifier: ids },
  }) as never;

/** In MQTT 3.1.1 there are no properties. */
const oldCopy = (retain: boolean) => ({ retain }) as never;

describe('what is subscribed to', () => {
  test('a hub alone reads everything at QoS 1, with Retain As Published 0', () => {
    expect(alone.plan(5, true)).toEqual([
      { filter: '#', options: { qos: 1, nl: true, rap: false, rh: 0 } },
      { filter: '$SYS/#', options: { qos: 1, nl: true, rap: false, rh: 0 } },
    ]);
    expect(alone.plan(5, false)[0]?.options.rh).toBe(2);
    expect(alone.leaving(5)).toEqual([]);
  });

  test('hubs that share divide everything, and each reads apart what it has to know', () => {
    const plan = sharing.plan(5, true);
    const filters = plan.map(({ filter }) => filter);
    expect(filters).toEqual(
      expect.arrayContaining(['$SYS/#', 'spBv1.0/#', 'homeassistant/#', '$share/hubs/#']),
    );
    expect(filters).not.toContain('#');
    // MQTT 5, §3.8.3.1: No Local on a shared subscription is a protocol error.
    expect(plan.filter(({ options }) => options.nl !== true).map(({ filter }) => filter)).toEqual([
      '$share/hubs/#',
    ]);
    expect(sharing.leaving(5)).toEqual(['$share/hubs/#']);
  });

  test.each([
    ['homie/5/barn/$description', true],
    ['farm/5/barn/$state', true],
    ['homie/barn/heat/room/$unit', true],
    ['homie/5/barn/heat/room', false],
    ['homie/barn/heat/room', false],
    ['zwave/_CLIENTS/ZWAVE_GATEWAY-home/status', true],
    ['zwave/hall/plug/50/0/value/66049', false],
    ['kitchen/status', true],
    ['kitchen/sensor/temperature/state', false],
    ['shellies/shellytrv-1/status', false],
  ])('%s is for every hub: %s', (topic, isForAll) => {
    const own = sharing.plan(5, true).filter(({ filter }) => !filter.startsWith('$share/'));
    expect(own.some(({ filter }) => matchesTopic(filter, topic))).toBe(isForAll);
  });

  test('a session from a time without the share still has everything: that is given up', () => {
    expect(sharing.outdated(5)).toEqual(['#']);
    expect(alone.outdated(5)).toEqual([]);
  });

  test('in MQTT 3.1.1 nothing is shared until the broker has shown that it can', () => {
    const old = new BrokerSubscriptions('signalbox', 'hubs');
    const filters = (): string[] => old.plan(4, true).map(({ filter }) => filter);
    expect([old.mustAskForShares(4), old.mustAskForShares(5), alone.mustAskForShares(4)]).toEqual([
      true,
      false,
      false,
    ]);
    for (const shares of [undefined, false]) {
      old.sharesWithoutMqtt5 = shares;
      expect(filters()).toEqual(['#', '$SYS/#']);
      expect([old.leaving(4), old.outdated(4)]).toEqual([[], []]);
    }
    old.sharesWithoutMqtt5 = true;
    expect(filters()).toEqual(sharing.plan(5, true).map(({ filter }) => filter));
    expect([old.leaving(4), old.outdated(4)]).toEqual([['$share/hubs/#'], ['#']]);
    expect(old.judge('tele/plug/SENSOR', oldCopy(true))).toBe('shared-replay');
    expect(old.judge('tele/plug/SENSOR', oldCopy(false))).toBe('counts');
    expect(old.judge('tele/plug/LWT', oldCopy(true))).toBe('counts');
  });
});

describe('which copy counts', () => {
  for (const [what, topic, ids, retain, judged] of [
    ['telemetry of the share', 'tele/plug/SENSOR', 2, false, 'counts'],
    ['what every hub reads, by its own subscription', 'spBv1.0/g/NDATA/n', 1, false, 'counts'],
    ['the same through the share', 'spBv1.0/g/NDATA/n', 2, false, 'comes-apart-too'],
    ['one copy for both subscriptions', 'homeassistant/sensor/a/config', [1, 2], true, 'counts'],
    ['a retained replay on the share, against §4.8.2', 'tele/plug/SENSOR', 2, true, 'shared-replay'],
    ['a retained replay of our own subscription', 'tele/plug/LWT', 1, true, 'counts'],
    ['a broker that tells no identifier', 'tele/plug/SENSOR', undefined, false, 'counts'],
  ] as const)
    test(what, () => {
      expect(sharing.judge(topic, copy(ids as number, retain))).toBe(judged);
    });

  test('alone, every copy', () => {
    expect(alone.judge('tele/plug/SENSOR', copy(undefined, true))).toBe('counts');
  });
});
