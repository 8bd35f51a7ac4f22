import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('attributes and capabilities are readings of the robot', () => {
  expect(understand('valetudo/robbie/BatteryStateAttribute/level', '80')).toEqual([
    'valetudo/robbie BatteryStateAttribute.level = 80 %',
  ]);
  expect(understand('valetudo/robbie/StatusStateAttribute/status', 'docked')).toEqual([
    'valetudo/robbie StatusStateAttribute.status = "docked"',
  ]);
});

test('its state is its presence', () => {
  expect(understand('valetudo/robbie/$state', 'ready')).toEqual(['valetudo/robbie is online']);
  expect(understand('valetudo/robbie/$state', 'lost')).toEqual(['valetudo/robbie is offline']);
});

test('maps, commands and descriptions of properties are set aside', () => {
  expect(understand('valetudo/robbie/MapData/map-data-hass', new Uint8Array([1, 255]))).toEqual(['aside']);
  expect(understand('valetudo/robbie/BasicControlCapability/operation/set', 'HOME')).toEqual(['aside']);
  expect(understand('valetudo/robbie/BatteryStateAttribute/level/$unit', '%')).toEqual(['aside']);
});
