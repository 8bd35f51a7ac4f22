import { expect, test } from 'vitest';
import { map, understand } from './decode.ts';

const topic = 'msh/EU/2/json/Fast/!00c0ffee';
const from = { from: 0xa1b2c3d4, timestamp: 1780000000 };
const at = '@2026-05-28T20:26:40.000Z';

test('telemetry has the units of the protocol and the radio beside it', () =>
  expect(
    understand(topic, {
      ...from,
      type: 'telemetry',
      snr: 6.5,
      payload: { battery_level: 80, temperature: 4.5 },
    }),
  ).toEqual([
    `meshtastic/a1b2c3d4 battery_level = 80 % ${at}`,
    `meshtastic/a1b2c3d4 temperature = 4.5 Cel ${at}`,
    `meshtastic/a1b2c3d4 snr = 6.5 dB ${at}`,
  ]));

test('a position is in degrees', () =>
  expect(
    understand(topic, {
      ...from,
      type: 'position',
      payload: { latitude_i: 505000000, longitude_i: -80000000 },
    }),
  ).toEqual([
    `meshtastic/a1b2c3d4 latitude = 50.5 deg ${at}`,
    `meshtastic/a1b2c3d4 longitude = -8 deg ${at}`,
  ]));

test('a text is an event, and who a node is describes it', () => {
  expect(understand(topic, { ...from, type: 'text', payload: { text: 'hi' } })).toEqual([
    `meshtastic/a1b2c3d4 ! text {"text":"hi"} ${at}`,
  ]);
  const info = { ...from, type: 'nodeinfo', payload: { longname: 'Hill' } };
  expect(map(topic, info)?.descriptions).toEqual([
    { group: 'meshtastic', device: 'a1b2c3d4', description: { title: 'Hill' } },
  ]);
});

test('another shape is nobody’s', () =>
  expect(understand(topic, { type: 'telemetry', payload: {} })).toEqual(['unknown']));

test('a gateway says whether it is there', () => {
  expect(understand('msh/EU_868/2/stat/!a1b2c3d4', 'offline')).toEqual(['meshtastic/a1b2c3d4 is offline']);
  expect(understand('msh/EU_868/2/stat/all', 'offline')).toEqual(['unknown']);
});
