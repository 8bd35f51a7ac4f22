import { describe, expect, test } from 'vitest';
import { toContext, toldTo, understand } from './decode.ts';

const description = {
  name: 'Heater',
  nodes: {
    heat: {
      properties: {
        power: { datatype: 'boolean', settable: true },
        target: { datatype: 'float', format: '5:30:0.5', settable: true, unit: '°C' },
        room: { datatype: 'float', unit: '°C' },
        pressed: { datatype: 'enum', format: 'single,double', retained: false },
        label: { datatype: 'string' },
      },
    },
  },
};

describe('Homie 5, Properties', () => {
  test('what is settable can be told: booleans, and numbers with a range', () =>
    expect(toldTo('homie/5/heater/$description', description)).toEqual([
      'homie/heater heat.power switch → homie/5/heater/heat/power/set true',
      'homie/heater heat.target slider 5..30/0.5 → homie/5/heater/heat/target/set 30',
    ]));
  test('what is not retained happened: each time is an event', () => {
    const context = toContext();
    understand('homie/5/heater/$description', description, { context });
    expect(understand('homie/5/heater/heat/pressed', 'double', { context })).toEqual([
      'homie/heater ! heat.pressed "double"',
    ]);
  });
  test('a text that looks like a number stays a text', () => {
    const context = toContext();
    understand('homie/5/heater/$description', description, { context });
    expect(understand('homie/5/heater/heat/label', '12', { context })).toEqual([
      'homie/heater heat.label = "12"',
    ]);
    expect(understand('homie/5/heater/heat/room', '12', { context })).toEqual([
      'homie/heater heat.room = 12',
    ]);
  });
});

describe('Homie 4, Properties', () => {
  test('attributes come one by one; the control is there when enough is known', () => {
    const context = toContext();
    expect(toldTo('homie/pump/motor/speed/$datatype', 'integer', context)).toEqual([]);
    expect(toldTo('homie/pump/motor/speed/$settable', 'true', context)).toEqual([]);
    expect(toldTo('homie/pump/motor/speed/$format', '0:3000', context)).toEqual([
      'homie/pump motor.speed slider 0..3000/1 → homie/pump/motor/speed/set 3000',
    ]);
  });
  test('a value tells its control again: it may come over a new connection', () => {
    const context = toContext();
    toldTo('homie/pump/motor/on/$datatype', 'boolean', context);
    toldTo('homie/pump/motor/on/$settable', 'true', context);
    expect(toldTo('homie/pump/motor/on', 'false', context)).toEqual([
      'homie/pump motor.on switch → homie/pump/motor/on/set true',
    ]);
  });
});
