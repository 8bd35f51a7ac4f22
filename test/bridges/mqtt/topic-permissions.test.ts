import { describe, expect, test } from 'vitest';
import { TopicRights } from '../../../bridges/mqtt/topic-permissions.ts';
import { TableAccess } from './fakes.ts';

const access = new TableAccess();
const who = {
  device: access.add('d', { role: 'device', groups: ['house'], device: 'plug' }),
  gateway: access.add('g', { role: 'gateway', groups: ['house'], topicFilters: ['tele/#', 'stat/#'] }),
  viewer: access.add('v', { role: 'viewer', groups: ['house'] }),
  operator: access.add('o', { role: 'operator', groups: '*' }),
  admin: access.add('a', { role: 'admin', groups: '*' }),
};
type Who = keyof typeof who;
const rights = new TopicRights({ access, topicRoot: 'signalbox' });

/** Who may, of all five. */
function table(
  title: string,
  may: (name: Who, topic: string) => boolean,
  cases: readonly [topic: string, ...Who[]][],
): void {
  describe(title, () => {
    for (const [topic, ...allowed] of cases)
      test(`${topic}: ${allowed.join(', ') || 'nobody'}`, () => {
        const names = Object.keys(who) as Who[];
        expect(names.filter((name) => may(name, topic))).toEqual(allowed);
      });
  });
}

table('publish', (name, topic) => rights.mayPublish(who[name], topic), [
  ['signalbox/house/plug/telemetry', 'device', 'gateway', 'admin'],
  ['signalbox/house/plug/telemetry/power', 'device', 'gateway', 'admin'],
  ['signalbox/house/lamp/telemetry', 'gateway', 'admin'],
  ['signalbox/garden/plug/telemetry', 'admin'],
  ['signalbox/house/plug/event', 'device', 'gateway', 'admin'],
  ['signalbox/house/plug/status', 'device', 'gateway', 'admin'],
  ['signalbox/house/plug/commands/c1'],
  ['signalbox/house/plug/commands/c1/result', 'device', 'gateway', 'admin'],
  ['signalbox/house/plug/unheard-of', 'device', 'gateway', 'admin'],
  ['signalbox/house'],
  ['signalbox'],
  ['tele/x/SENSOR', 'gateway', 'admin'],
  ['other/x', 'admin'],
  ['v1/devices/me/telemetry', 'device', 'admin'],
  ['v1/gateway/telemetry', 'admin'],
  ['v2/t', 'device', 'admin'],
  ['$SYS/broker/uptime'],
]);

table('subscribe', (name, filter) => rights.maySubscribe(who[name], filter), [
  ['signalbox/house/plug/commands/+', 'device', 'gateway', 'admin'],
  ['signalbox/house/plug/commands/#'],
  ['signalbox/house/+/commands/+', 'gateway', 'admin'],
  ['signalbox/+/+/commands/+', 'admin'],
  ['signalbox/house/plug/commands/+/result', 'operator', 'admin'],
  ['signalbox/house/+/telemetry/#', 'viewer', 'operator', 'admin'],
  ['signalbox/+/+/telemetry', 'operator', 'admin'],
  ['signalbox/house/plug/#'],
  ['signalbox/#'],
  ['tele/+/SENSOR', 'gateway', 'admin'],
  ['tele/#', 'gateway', 'admin'],
  ['#', 'admin'],
  ['+/x', 'admin'],
  ['a#'],
]);

table('receive', (name, topic) => rights.mayReceive(who[name], topic), [
  ['signalbox/house/plug/commands/c1', 'device', 'gateway', 'admin'],
  ['signalbox/house/plug/telemetry', 'viewer', 'operator', 'admin'],
  ['signalbox/garden/plug/telemetry', 'operator', 'admin'],
  ['signalbox/house/plug/unheard-of'],
  ['tele/x/SENSOR', 'gateway', 'admin'],
]);

describe('declared permissions', () => {
  test('all kinds of topics have one', () => expect(() => rights.verify()).not.toThrow());
  test('a kind without one is named', () => {
    const incomplete = new TopicRights({ access, topicRoot: 'signalbox', permissions: {} });
    expect(() => incomplete.verify()).toThrow('telemetry, event, status, reported, desired, command, result');
    expect(incomplete.mayPublish(who.admin, 'signalbox/house/plug/telemetry')).toBe(false);
  });
});
