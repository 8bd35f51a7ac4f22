import { describe, expect, test } from 'vitest';
import type { MappingContext } from '../../../../bridges/mqtt/mapping.ts';
import { map, toContext, understand } from './decode.ts';

const dev = { ids: ['shed-1'], name: 'Shed', mdl: 'S' };

/** A hub that has heard one config message. */
function after(topic: string, config: object): MappingContext {
  const context = toContext();
  map(topic, config, { context });
  return context;
}

describe('Home Assistant discovery of topics that are nobody else’s', () => {
  test('a plain topic becomes a reading with its unit', () => {
    const context = after('homeassistant/sensor/shed/t/config', {
      dev,
      stat_t: 'shed/t',
      unit_of_meas: '°C',
      obj_id: 'outside',
    });
    expect(understand('shed/t', '4.5', { context })).toEqual(['homeassistant/shed-1 outside = 4.5 Cel']);
    expect(understand('shed/h', '4.5', { context })).toEqual(['unknown']);
  });
  test('a device with several components has all values of its JSON topic', () => {
    const context = after('homeassistant/device/shed-1/config', {
      dev,
      stat_t: 'shed/all',
      cmps: {
        a: { p: 'sensor', unit_of_meas: '%', val_tpl: '{{ value_json.air.rh }}' },
        b: { p: 'binary_sensor', val_tpl: '{{ value_json.door }}', pl_on: 'open', pl_off: 'closed' },
      },
    });
    expect(
      understand('shed/all', { air: { rh: 60 }, door: 'open', else: 'unavailable' }, { context }),
    ).toEqual([
      'homeassistant/shed-1 air.rh = 60 %',
      'homeassistant/shed-1 door = true',
      'homeassistant/shed-1 else = null ~bad',
    ]);
  });
  test('of a topic that devices share each has what it was told to have', () => {
    const context = after('homeassistant/sensor/a/config', {
      dev: { ids: 'a' },
      stat_t: 'hall',
      val_tpl: '{{ value_json.a }}',
    });
    map(
      'homeassistant/sensor/b/config',
      { dev: { ids: 'b' }, stat_t: 'hall', val_tpl: '{{ value_json.b }}' },
      { context },
    );
    expect(understand('hall', { a: 1, b: 2, c: 3 }, { context })).toEqual([
      'homeassistant/a a = 1',
      'homeassistant/b b = 2',
    ]);
  });
  test('a thermostat has several topics', () => {
    const context = after('homeassistant/climate/room/config', {
      dev,
      curr_temp_t: 'room/now',
      temp_stat_t: 'room/target',
    });
    expect(understand('room/now', '20', { context })).toEqual([
      'homeassistant/shed-1 room.current_temperature = 20',
    ]);
    expect(understand('room/target', '21', { context })).toEqual([
      'homeassistant/shed-1 room.temperature = 21',
    ]);
  });
  test('an event is an event', () => {
    const context = after('homeassistant/event/bell/config', { dev, stat_t: 'bell' });
    expect(understand('bell', { event_type: 'ring' }, { context })).toEqual([
      'homeassistant/shed-1 ! ring {"event_type":"ring"}',
    ]);
  });
  test('availability tells presence in the words that were named; another word is a mistake', () => {
    const context = after('homeassistant/switch/x/config', {
      dev,
      stat_t: 'x/s',
      avty_t: 'x/alive',
      pl_avail: '1',
      pl_not_avail: '0',
    });
    expect(understand('x/alive', '0', { context })).toEqual(['homeassistant/shed-1 is offline']);
    expect(() => understand('x/alive', 'maybe', { context })).toThrow(/no word/);
  });
});

describe('Home Assistant discovery of another family’s topics', () => {
  test('describes that family’s device and adds no other', () => {
    const meaning = map('homeassistant/sensor/porch/t/config', {
      dev: { ids: 'c8f0', name: 'Porch' },
      stat_t: 'porch/sensor/outside/state',
      unit_of_meas: '°C',
      dev_cla: 'temperature',
      name: 'Outside',
    });
    expect(meaning?.descriptions).toEqual([
      {
        group: 'esphome',
        device: 'porch',
        description: {
          title: 'Porch',
          metrics: [{ metric: 'outside', title: 'Outside', unit: 'Cel', class: 'temperature' }],
        },
      },
    ]);
  });
  test('a path into another family’s JSON is that family’s metric', () => {
    const meaning = map('homeassistant/sensor/0x1/humidity/config', {
      dev: { ids: ['zigbee2mqtt_0x1'] },
      stat_t: 'zigbee2mqtt/attic',
      val_tpl: '{{ value_json["humidity"] }}',
      unit_of_meas: '%',
    });
    expect(meaning?.descriptions).toMatchObject([
      {
        group: 'zigbee2mqtt',
        device: 'attic',
        description: { metrics: [{ metric: 'humidity', unit: '%' }] },
      },
    ]);
  });
  test('its status topic tells the presence of that device', () => {
    const context = after('homeassistant/sensor/porch/t/config', {
      dev,
      stat_t: 'porch/sensor/outside/state',
      avty_t: 'porch/status',
    });
    expect(understand('porch/status', 'offline', { context })).toEqual(['esphome/porch is offline']);
  });
  test('a button without a state belongs to the device of its other entities', () => {
    const context = after('homeassistant/sensor/porch/t/config', {
      dev,
      stat_t: 'porch/sensor/outside/state',
    });
    const meaning = map('homeassistant/button/porch/restart/config', { dev, cmd_t: 'x/y' }, { context });
    expect(meaning?.descriptions?.[0]).toMatchObject({
      group: 'esphome',
      device: 'porch',
    });
  });
});

test('a config message that names no topic is set aside, one that is no object is nobody’s', () => {
  expect(understand('homeassistant/sensor/shed/config', '{"name":"x"}')).toEqual(['aside']);
  expect(understand('homeassistant/sensor/shed/config', 'x')).toEqual(['unknown']);
});

test('what a sender may not write to, it may not describe', () => {
  const context = toContext();
  const meaning = map(
    'homeassistant/sensor/x/config',
    { stat_t: 'zigbee2mqtt/a', schema: 'json' },
    {
      context,
      mayWrite: (group) => group === 'homeassistant',
    },
  );
  expect(meaning?.problems?.map(({ code }) => code)).toEqual(['group-not-granted']);
});

test('a trigger is an event, told apart by its word from others on its topic', () => {
  const context = toContext();
  for (const subtype of ['left', 'right'])
    understand(
      `homeassistant/device_automation/wall/${subtype}/config`,
      {
        atype: 'trigger',
        type: 'press',
        stype: subtype,
        t: 'wall/press',
        pl: subtype,
        dev: { ids: ['wall'] },
      },
      { context },
    );
  expect(understand('wall/press', 'right', { context })).toEqual([
    'homeassistant/wall ! press.right "right"',
  ]);
  expect(understand('wall/press', 'both', { context })).toEqual(['aside']);
});

test('a climate device says in its discovery what its temperatures are in', () => {
  const context = toContext();
  const config = { curr_temp_t: 'ac/now', temp_stat_t: 'ac/set', temp_unit: 'F', dev: { ids: ['ac'] } };
  understand('homeassistant/climate/ac/config', config, { context });
  expect(understand('ac/now', '70', { context })).toEqual([
    'homeassistant/ac ac.current_temperature = 70 [degF]',
  ]);
});

test('a tracker says in its attributes where it is', () => {
  const context = toContext();
  const config = { stat_t: 'cat/at', json_attr_t: 'cat/where', dev: { ids: ['cat'] } };
  understand('homeassistant/device_tracker/cat/config', config, { context });
  expect(understand('cat/where', { latitude: 1.5 }, { context })).toEqual([
    'homeassistant/cat latitude = 1.5',
  ]);
});
