import { describe, expect, test } from 'vitest';
import { FormatError } from '#contract/formats/decoded.ts';
import { map, toContext, understand } from './decode.ts';

describe('zigbee2mqtt, devices', () => {
  test('every value of the object is a reading with its unit', () => {
    expect(
      understand('zigbee2mqtt/attic', {
        temperature: 21.5,
        humidity: 40,
        battery: 90,
        voltage: 2900,
        linkquality: 60,
      }),
    ).toEqual([
      'zigbee2mqtt/attic temperature = 21.5 Cel',
      'zigbee2mqtt/attic humidity = 40 %',
      'zigbee2mqtt/attic battery = 90 %',
      'zigbee2mqtt/attic voltage = 2900 mV',
      'zigbee2mqtt/attic linkquality = 60',
    ]);
  });
  test('the voltage of the mains is in volts', () => {
    expect(understand('zigbee2mqtt/plug', { power: 5, voltage: 231 })).toEqual([
      'zigbee2mqtt/plug power = 5 W',
      'zigbee2mqtt/plug voltage = 231 V',
    ]);
  });
  test('endpoints share the unit of their kind', () => {
    expect(understand('zigbee2mqtt/duo', { power_left: 5, temperature_l2: 20, state_l1: 'ON' })).toEqual([
      'zigbee2mqtt/duo power_left = 5 W',
      'zigbee2mqtt/duo temperature_l2 = 20 Cel',
      'zigbee2mqtt/duo state_l1 = true',
    ]);
  });
  test('last_seen is the time, and no reading', () => {
    expect(
      understand('zigbee2mqtt/attic', { temperature: 1, last_seen: '2026-05-01T12:00:00+02:00' }),
    ).toEqual(['zigbee2mqtt/attic temperature = 1 Cel @2026-05-01T10:00:00.000Z']);
  });
  test('a null is bad', () => {
    expect(understand('zigbee2mqtt/attic', { humidity: null })).toEqual([
      'zigbee2mqtt/attic humidity = null ~bad',
    ]);
  });
  test('the state of the firmware is no measurement', () => {
    expect(
      understand('zigbee2mqtt/attic', { occupancy: true, update: { installed_version: 3, state: 'idle' } }),
    ).toEqual(['zigbee2mqtt/attic occupancy = true']);
  });
  test('a friendly name may hold slashes and blanks', () => {
    const meaning = map('zigbee2mqtt/first floor/lamp', { state: 'OFF' });
    expect(meaning?.readings).toMatchObject([{ group: 'zigbee2mqtt', metric: 'state', value: false }]);
    expect(meaning?.descriptions?.[0]?.description.title).toBe('first floor/lamp');
  });
});

describe('zigbee2mqtt, events and presence', () => {
  test('a press is an event with what belongs to it, and the empty action behind it is none', () => {
    expect(understand('zigbee2mqtt/remote', { action: 'double', action_group: 7, battery: 80 })).toEqual([
      'zigbee2mqtt/remote battery = 80 %',
      'zigbee2mqtt/remote ! action {"action":"double","action_group":7}',
    ]);
    expect(understand('zigbee2mqtt/remote', { action: '', battery: 80 })).toEqual([
      'zigbee2mqtt/remote battery = 80 %',
    ]);
  });
  for (const payload of ['online', '{"state":"online"}', '{"state":"Online"}'])
    test(`availability ${payload}`, () =>
      expect(understand('zigbee2mqtt/remote/availability', payload)).toEqual([
        'zigbee2mqtt/remote is online',
      ]));
  test('the state of the bridge is its presence', () => {
    expect(understand('zigbee2mqtt/bridge/state', { state: 'offline' })).toEqual([
      'zigbee2mqtt/bridge is offline',
    ]);
  });
  test('a device that joins is an event of the device', () => {
    expect(
      understand('zigbee2mqtt/bridge/event', { type: 'device_joined', data: { friendly_name: 'new' } }),
    ).toEqual(['zigbee2mqtt/new ! device_joined {"friendly_name":"new"}']);
  });
});

describe('zigbee2mqtt, the rest', () => {
  test('bridge/devices describes every device but the coordinator', () => {
    const devices = [
      { friendly_name: 'Coordinator', type: 'Coordinator', definition: null },
      {
        friendly_name: 'attic',
        type: 'EndDevice',
        ieee_address: '0x1',
        definition: {
          model: 'M1',
          vendor: 'Acme',
          exposes: [
            { type: 'numeric', property: 'temperature', unit: '°C', label: 'Temperature' },
            { type: 'light', features: [{ type: 'binary', property: 'state' }] },
          ],
        },
      },
    ];
    expect(map('zigbee2mqtt/bridge/devices', devices)?.descriptions).toEqual([
      {
        group: 'zigbee2mqtt',
        device: 'attic',
        description: {
          model: 'M1',
          labels: { ieee: '0x1', vendor: 'Acme' },
          metrics: [{ metric: 'temperature', unit: 'Cel', title: 'Temperature' }, { metric: 'state' }],
        },
      },
    ]);
  });
  for (const topic of [
    'zigbee2mqtt/lamp/set',
    'zigbee2mqtt/lamp/set/state',
    'zigbee2mqtt/lamp/get',
    'zigbee2mqtt/bridge/request/restart',
  ])
    test(`${topic} is set aside as a command`, () =>
      expect(understand(topic, '{"state":"ON"}')).toEqual(['aside']));
  test('a cleared topic is set aside', () => expect(understand('zigbee2mqtt/lamp', '')).toEqual(['aside']));
  test('what an extension writes below the base topic is set aside', () =>
    expect(understand('zigbee2mqtt/lamp', 'hello')).toEqual(['aside']));
  test('an availability that is none is refused', () =>
    expect(() => map('zigbee2mqtt/lamp/availability', 'maybe')).toThrow(FormatError));
  for (const [topic, payload] of [
    ['zigbee/lamp', '{"state":"ON"}'],
    ['zigbee2mqtt', '{"state":"ON"}'],
  ] as const)
    test(`${topic} ${payload} is not zigbee2mqtt's`, () =>
      expect(understand(topic, payload)).toEqual(['unknown']));
});

describe('zigbee2mqtt with a topic per attribute', () => {
  test('a known attribute is a reading of the device before it', () => {
    expect(understand('zigbee2mqtt/hall/lamp/power', '7.5')).toEqual([
      expect.stringMatching(/^zigbee2mqtt\/hall_lamp-[0-9a-f]{4} power = 7.5 W$/),
    ]);
    expect(understand('zigbee2mqtt/lamp/state', 'ON')).toEqual(['zigbee2mqtt/lamp state = true']);
  });
  test('an action stays an event', () =>
    expect(understand('zigbee2mqtt/remote/action', 'single')).toEqual([
      'zigbee2mqtt/remote ! action {"action":"single"}',
    ]));
  test('another last level is no attribute: a person looks at it', () =>
    expect(understand('zigbee2mqtt/lamp/garage', '7')).toEqual(['aside']));
});

test('the bridge says how it is', () =>
  expect(
    understand('zigbee2mqtt/bridge/health', {
      os: { memory_used_mb: 512.5, memory_percent: 13 },
      process: { uptime_sec: 90 },
      devices: {},
    }),
  ).toEqual([
    'zigbee2mqtt/bridge os.memory_used_mb = 512.5 MBy',
    'zigbee2mqtt/bridge os.memory_percent = 13 %',
    'zigbee2mqtt/bridge process.uptime_sec = 90 s',
  ]));

test('the bridge proves a base of its own, which is the group of its devices', () => {
  const context = toContext();
  const info = { version: '2.1.0', coordinator: { type: 'zStack3x0' }, network: { channel: 11 } };
  expect(understand('home/z2m-attic/lamp', { state: 'ON' }, { context })).toEqual(['unknown']);
  expect(understand('home/z2m-attic/bridge/state', { state: 'online' }, { context })).toEqual(['unknown']);
  understand('home/z2m-attic/bridge/info', info, { context });
  const [lamp = ''] = understand('home/z2m-attic/lamp', { state: 'ON' }, { context });
  expect(lamp).toMatch(/^home_z2m-attic-[0-9a-f]{4}\/lamp state = true$/);
  expect(understand('other/lamp', { state: 'ON' }, { context })).toEqual(['unknown']);
});

test('behind a device that has shown itself every attribute is one', () => {
  const context = toContext();
  expect(understand('zigbee2mqtt/plug/child_lock', 'UNLOCK', { context })).toEqual(['aside']);
  understand('zigbee2mqtt/plug/state', 'ON', { context });
  expect(understand('zigbee2mqtt/plug/child_lock', 'UNLOCK', { context })).toEqual([
    'zigbee2mqtt/plug child_lock = "UNLOCK"',
  ]);
  expect(understand('zigbee2mqtt/plug/color-x', '0.46', { context })).toEqual([
    'zigbee2mqtt/plug color.x = 0.46',
  ]);
});

test('phases have the units of what they are phases of, and the largest numbers are none', () => {
  expect(understand('zigbee2mqtt/meter', { power_phase_b: 12, current_c: 0.1, max_temperature: 30 })).toEqual(
    [
      'zigbee2mqtt/meter power_phase_b = 12 W',
      'zigbee2mqtt/meter current_c = 0.1 A',
      'zigbee2mqtt/meter max_temperature = 30 Cel',
    ],
  );
  expect(understand('zigbee2mqtt/th', { temperature: -327.68, humidity: 655.35, battery: 127.5 })).toEqual([
    'zigbee2mqtt/th temperature = null Cel ~bad',
    'zigbee2mqtt/th humidity = null % ~bad',
    'zigbee2mqtt/th battery = null % ~bad',
  ]);
});
