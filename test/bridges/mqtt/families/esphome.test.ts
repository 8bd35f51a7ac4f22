import { expect, test } from 'vitest';
import { toContext, understand } from './decode.ts';

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
    'esphome/kitchen ac.current_temperature = 21.5',
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
