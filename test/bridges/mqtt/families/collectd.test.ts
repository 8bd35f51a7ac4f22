import { describe, expect, test } from 'vitest';
import { FormatError } from '#contract/formats/decoded.ts';
import { map, understand } from './decode.ts';

const at = '@2026-05-01T10:00:00.250Z';
const time = '1777629600.250';

describe('collectd, PLAIN', () => {
  test('a single value has the name of its plugin and type', () => {
    expect(understand('collectd/box/memory/memory-used', `${time}:2048`)).toEqual([
      `collectd/box memory.memory-used = 2048 By ${at}`,
    ]);
  });

  test('several values have the names of types.db', () => {
    expect(understand('collectd/box/load/load', `${time}:0.5:0.4:0.3`)).toEqual([
      `collectd/box load.load.shortterm = 0.5 ${at}`,
      `collectd/box load.load.midterm = 0.4 ${at}`,
      `collectd/box load.load.longterm = 0.3 ${at}`,
    ]);
    expect(understand('collectd/box/interface-eth1/if_errors', `${time}:1:2`)).toEqual([
      `collectd/box interface-eth1.if_errors.rx = 1 ${at}`,
      `collectd/box interface-eth1.if_errors.tx = 2 ${at}`,
    ]);
  });

  test('several values of a type that types.db does not know are numbered', () => {
    expect(understand('collectd/box/mine/mytype', `${time}:1:2`)).toEqual([
      `collectd/box mine.mytype.0 = 1 ${at}`,
      `collectd/box mine.mytype.1 = 2 ${at}`,
    ]);
  });

  test('nan is bad, not a number', () => {
    expect(understand('collectd/box/ping/ping-gw', `${time}:nan`)).toEqual([
      `collectd/box ping.ping-gw = null ms ~bad ${at}`,
    ]);
  });

  test('the NUL that collectd sends at the end is no part of the value', () => {
    expect(understand('collectd/box/users/users', `${time}:3\0`)).toEqual([
      `collectd/box users.users = 3 ${at}`,
    ]);
  });
});

describe('collectd, JSON', () => {
  test('a value list gives the same names as PLAIN', () => {
    const list = {
      values: [10, 20],
      dstypes: ['derive', 'derive'],
      dsnames: ['rx', 'tx'],
      time: 1777629600.25,
      interval: 10,
      host: 'box',
      plugin: 'interface',
      plugin_instance: 'eth1',
      type: 'if_octets',
      type_instance: '',
    };
    expect(understand('collectd/box/interface-eth1/if_octets', [list])).toEqual([
      `collectd/box interface-eth1.if_octets.rx = 10 ${at}`,
      `collectd/box interface-eth1.if_octets.tx = 20 ${at}`,
    ]);
  });
});

describe('collectd, notifications', () => {
  test('a notification is an event with its own time', () => {
    const text = 'Time: 1777629600.250\nSeverity: WARNING\n\nMessage: too hot';
    expect(understand('collectd/event/box/cpu/percent', text)).toEqual([
      `collectd/box ! notification {"severity":"WARNING","message":"too hot","source":"cpu.percent"} ${at}`,
    ]);
  });
  test('anything else there is refused', () => {
    expect(() => map('collectd/event/box/cpu/percent', 'hello')).toThrow(FormatError);
  });
});

describe('not collectd', () => {
  for (const [topic, payload] of [
    ['collectd/box/load/load', '0.5'],
    ['collectd/box/load', `${time}:1`],
    ['metrics/box/load/load', `${time}:1`],
  ] as const)
    test(`${topic} ${payload}`, () => expect(understand(topic, payload)).toEqual(['unknown']));
});

test('shares of a disk are percentages', () => {
  expect(understand('collectd/host/df-root/percent_bytes-used', '1780315200.1:44.2')).toEqual([
    'collectd/host df-root.percent_bytes-used = 44.2 % @2026-06-01T12:00:00.100Z',
  ]);
});
