import { describe, expect, test } from 'vitest';
import { toContext, toldTo, understand } from './decode.ts';

const device = { ids: ['pump-1'], name: 'Pump' };
const told = (component: string, config: object): string[] =>
  toldTo(`homeassistant/${component}/pump/x/config`, { obj_id: 'run', dev: device, ...config });

describe('Home Assistant, command topics', () => {
  test('a switch has its words', () => {
    const config = { cmd_t: 'p/set', stat_t: 'p/state', name: 'Run' };
    expect(told('switch', config)).toEqual(['homeassistant/pump-1 run switch (Run) → p/set ON']);
    expect(told('switch', { ...config, pl_on: 'go', pl_off: 'halt' })).toEqual([
      'homeassistant/pump-1 run switch (Run) → p/set go',
    ]);
  });
  test('its words read as on and off afterwards', () => {
    const context = toContext();
    const config = {
      cmd_t: 'p/set',
      stat_t: 'p/state',
      pl_on: 'go',
      pl_off: 'halt',
      obj_id: 'run',
      dev: device,
    };
    toldTo('homeassistant/switch/pump/x/config', config, context);
    expect(understand('p/state', 'go', { context })).toEqual(['homeassistant/pump-1 run = true']);
  });
  test('a sensor cannot be told anything', () => expect(told('sensor', { stat_t: 'p/t' })).toEqual([]));
  test('a switch that shows no state confirms nothing: it is not offered', () =>
    expect(told('switch', { cmd_t: 'p/set' })).toEqual([]));
  test('a number has its range, and Home Assistant’s if it names none', () => {
    const config = { cmd_t: 'n/set', stat_t: 'n/state' };
    expect(told('number', { ...config, min: 5, max: 30, step: 0.5, unit_of_meas: '°C' })).toEqual([
      'homeassistant/pump-1 run slider 5..30/0.5 Cel → n/set 30',
    ]);
    expect(told('number', config)).toEqual(['homeassistant/pump-1 run slider 1..100/1 → n/set 100']);
  });
  test('a template that computes cannot be filled in', () =>
    expect(told('number', { cmd_t: 'n/set', stat_t: 'n/state', cmd_tpl: '{{ value * 10 }}' })).toEqual([]));
  test('a light with the JSON schema', () =>
    expect(
      told('light', { cmd_t: 'l/set', stat_t: 'l', schema: 'json', brightness: true, brightness_scale: 254 }),
    ).toEqual([
      'homeassistant/pump-1 state switch → l/set {"state":"ON"}',
      'homeassistant/pump-1 brightness slider 0..254/1 → l/set {"state":"ON","brightness":254}',
    ]));
  test('a light, a cover and a thermostat with topics of their own', () => {
    expect(told('light', { bri_cmd_t: 'l/b/set', bri_stat_t: 'l/b' })).toEqual([
      'homeassistant/pump-1 run.brightness slider 0..255/1 → l/b/set 255',
    ]);
    expect(told('cover', { set_pos_t: 'c/set', pos_t: 'c/pos' })).toEqual([
      'homeassistant/pump-1 run.position slider 0..100/1 → c/set 100',
    ]);
    expect(told('climate', { temp_cmd_t: 't/set', temp_stat_t: 't', max_temp: 28, temp_step: 0.5 })).toEqual([
      'homeassistant/pump-1 run.temperature slider 7..28/0.5 → t/set 28',
    ]);
  });
  test('what another family’s device shows is its own control, under its own name', () =>
    expect(
      toldTo('homeassistant/switch/plug/state/config', {
        cmd_t: 'kitchen/switch/relay/command',
        stat_t: 'kitchen/switch/relay/state',
        dev: device,
      }),
    ).toEqual(['esphome/kitchen relay switch → kitchen/switch/relay/command ON']));
});

describe('ESPHome, commands', () => {
  test('a switch is told beside its state, a light in JSON', () => {
    expect(toldTo('kitchen/switch/relay/state', 'OFF')).toEqual([
      'esphome/kitchen relay switch → kitchen/switch/relay/command ON',
    ]);
    expect(toldTo('kitchen/light/desk/state', { state: 'OFF', brightness: 10 })).toEqual([
      'esphome/kitchen desk.state switch → kitchen/light/desk/command {"state":"ON"}',
      'esphome/kitchen desk.brightness slider 0..255/1 → kitchen/light/desk/command {"state":"ON","brightness":255}',
    ]);
  });
  test('sensors cannot be told anything', () =>
    expect(toldTo('kitchen/binary_sensor/door/state', 'OFF')).toEqual([]));
});
