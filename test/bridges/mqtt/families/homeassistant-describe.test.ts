import { expect, test } from 'vitest';
import { describeEntity, unitOf } from '../../../../bridges/mqtt/families/homeassistant-describe.ts';

const sensor = (fields: object): Parameters<typeof unitOf>[0] => ({
  component: 'sensor',
  key: 'sensor/x',
  fields: { ...fields },
});

test('a metric has name, unit, class and precision', () => {
  const entity = sensor({
    name: 'Outside',
    unit_of_measurement: '°C',
    device_class: 'temperature',
    suggested_display_precision: 1,
    device: { name: 'Shed', model: 'S1', manufacturer: 'Acme' },
  });
  expect(describeEntity(entity, 't', [])).toEqual({
    title: 'Shed',
    model: 'S1',
    labels: { manufacturer: 'Acme' },
    metrics: [{ metric: 't', title: 'Outside', unit: 'Cel', class: 'temperature', precision: 1 }],
  });
});

test('a bare C is a temperature only where the class says so', () => {
  expect(unitOf(sensor({ unit_of_measurement: 'C', device_class: 'temperature' }), [])).toBe('Cel');
  expect(unitOf(sensor({ unit_of_measurement: 'C' }), [])).toBe('C');
});

test('a template that computes may change the unit', () => {
  expect(unitOf(sensor({ unit_of_measurement: 'W' }), undefined)).toBeUndefined();
});

test('what takes commands is no control: nothing delivers to its command topic', () => {
  const entity = {
    component: 'switch',
    key: 'switch/node/relay',
    fields: { command_topic: 'x/set', name: 'Relay' },
  };
  expect(describeEntity(entity, 'relay', [])).not.toHaveProperty('controls');
});
