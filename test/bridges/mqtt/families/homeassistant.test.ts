import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('its own birth and will tell presence; on any other topic they may be anybody’s', () => {
  expect(understand('homeassistant/status', 'online')).toEqual(['homeassistant/homeassistant is online']);
  expect(understand('porch/status', 'online')).toEqual(['unknown']);
  expect(understand('porch/availability', 'offline')).toEqual(['unknown']);
});

test('a status of other words is nobody’s', () => {
  expect(understand('porch/status', 'ready')).toEqual(['unknown']);
  expect(understand('porch/status', '1')).toEqual(['unknown']);
});

test('a state below the discovery prefix is a reading of its component', () => {
  expect(understand('homeassistant/binary_sensor/gate/state', 'ON')).toEqual([
    'homeassistant/gate binary_sensor = true',
  ]);
  expect(understand('homeassistant/sensor/shed/state', { temperature: 3.5 })).toEqual([
    'homeassistant/shed temperature = 3.5',
  ]);
});

test('commands are set aside', () => {
  expect(understand('homeassistant/switch/pump/set', 'ON')).toEqual(['aside']);
});
