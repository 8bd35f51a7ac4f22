import { expect, test } from 'vitest';
import { map, toContext, understand } from './decode.ts';

test('a state is one value under the name of its entity', () => {
  expect(understand('shed/sensor/water_level/state', '12.5')).toEqual(['esphome/shed water_level = 12.5']);
  expect(understand('shed/binary_sensor/door/state', 'ON')).toEqual(['esphome/shed door = true']);
  expect(understand('shed/text_sensor/mode/state', 'eco')).toEqual(['esphome/shed mode = "eco"']);
});

test('a sensor that has failed says nan', () => {
  expect(understand('shed/sensor/water_level/state', 'nan')).toEqual([
    'esphome/shed water_level = null ~bad',
  ]);
});

test('a light has several values', () => {
  expect(understand('shed/light/desk/state', { state: 'OFF', brightness: 9 })).toEqual([
    'esphome/shed desk.state = false',
    'esphome/shed desk.brightness = 9',
  ]);
});

test('the log is events, not telemetry', () => {
  expect(understand('shed/debug', '\u001B[0;33m[W][wifi:123]: Signal is weak\u001B[0m')).toEqual([
    'esphome/shed ! log {"level":"W","source":"wifi:123","message":"Signal is weak"}',
  ]);
  expect(understand('shed/debug', 'hello')).toEqual(['unknown']);
});

test('a command is set aside', () => expect(understand('shed/switch/pump/command', 'ON')).toEqual(['aside']));

test('another kind of topic is nobody’s', () => {
  expect(understand('shed/pump/speed/state', '1')).toEqual(['unknown']);
  expect(understand('sensor/speed/state', '1')).toEqual(['unknown']);
});

test('entities with several values have a topic for each', () => {
  expect(understand('kitchen/climate/ac/current_temperature/state', '21.5')).toEqual([
    'esphome/kitchen ac.current_temperature = 21.5 Cel',
  ]);
  expect(understand('kitchen/fan/roof/speed_level/state', '3')).toEqual([
    'esphome/kitchen roof.speed_level = 3',
  ]);
  expect(understand('kitchen/climate/ac/mode/command', 'cool')).toEqual(['aside']);
});

test('an event entity is an event', () =>
  expect(understand('hall/event/bell/state', { event_type: 'press' })).toEqual([
    'esphome/hall ! bell {"event_type":"press"}',
  ]));

test('birth and will are known for what they are once the device has spoken', () => {
  const context = toContext();
  expect(understand('hall/status', 'online', { context })).toEqual(['unknown']);
  understand('hall/sensor/temperature/state', '21', { context });
  expect(understand('hall/status', 'offline', { context })).toEqual(['esphome/hall is offline']);
  expect(understand('porch/status', 'offline', { context })).toEqual(['unknown']);
});

test('who is there is told by its discovery', () => {
  const told = { ip: '192.0.2.7', name: 'hall', mac: 'aabbccddeeff', version: '2024.6.0', board: 'esp32dev' };
  expect(map('esphome/discover/hall', told)?.descriptions).toEqual([
    {
      group: 'esphome',
      device: 'hall',
      description: { model: 'esp32dev', labels: { mac: 'aabbccddeeff', version: '2024.6.0' } },
    },
  ]);
});

test('topics of other families are theirs, even unknown ones', () => {
  expect(understand('shellies/shellyx-1/valve/0/level/state', '1')).toEqual(['unknown']);
  expect(understand('evcc/site/sensor/x/state', '1')).not.toEqual(['esphome/evcc_site x = 1']);
});

test.each([
  ['building/floor1/sensor/t1/state', '21'],
  ['house/light/kitchen/state', 'on'],
  ['house/switch/pump/state', 'on'],
  ['app/sensor/temp/state', '{"t":1}'],
  ['app/sensor/Room Temp/state', '21'],
])('%s %s is not written by ESPHome beyond doubt', (topic, payload) => {
  expect(understand(topic, payload)).toEqual(['unknown']);
});

test('a prefix of several levels is believed once a status speaks for it', () => {
  const context = toContext();
  understand('home/attic/status', 'online', { context });
  expect(understand('home/attic/sensor/t/state', '21', { context })).toEqual([
    expect.stringMatching(/^esphome\/home_attic-[0-9a-f]{4} t = 21$/),
  ]);
});

test('a sensor that overflows says inf', () => {
  expect(understand('kitchen/sensor/gas/state', 'inf')).toEqual(['esphome/kitchen gas = null ~bad']);
});
