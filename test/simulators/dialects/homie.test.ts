import { describe, expect, test } from 'vitest';
import { homieDialect } from '../../../simulators/dialects/homie.ts';
import { bed, button, pumpDevice } from '../support/devices.ts';

describe('Homie 5', () => {
  test('every value is a retained property; ids hold no underscores', () => {
    const message = { type: 'telemetry', ts: 1, values: { soil_moisture: 40.5, valve: true } } as const;
    expect(homieDialect.encode(message, bed)).toEqual([
      { topic: 'homie/5/bed-1/greenhouse-bed/soil-moisture', payload: '40.5', retain: true },
      { topic: 'homie/5/bed-1/greenhouse-bed/valve', payload: 'true', retain: true },
    ]);
  });
  test('it is ready when it has described itself', () => {
    const hello = homieDialect.hello(pumpDevice);
    expect(hello.map(({ topic }) => topic.split('/')[3])).toEqual(['$state', '$description', '$state']);
    expect([hello[0]?.payload, hello[2]?.payload]).toEqual(['init', 'ready']);
    expect(JSON.parse(String(hello[1]?.payload))).toMatchObject({
      nodes: {
        pump: {
          properties: {
            running: { datatype: 'boolean', settable: true },
            speed: { datatype: 'float', format: '20:100:5', unit: '%', settable: true },
            pressure: { unit: 'bar', settable: false },
          },
        },
      },
    });
  });
  test('a press is a property that is not retained', () => {
    const press = { type: 'event', ts: 1, name: 'press', data: null, id: 'x' } as const;
    expect(homieDialect.encode(press, button)).toEqual([
      { topic: 'homie/5/button-1/push-button/press', payload: 'single' },
    ]);
    expect(String(homieDialect.hello(button)[1]?.payload)).toContain('"retained":false');
  });
  for (const [property, payload, command] of [
    ['running', 'false', { name: 'running', args: { value: false } }],
    ['speed', '55', { name: 'speed', args: { value: 55 } }],
    ['pressure', '1', undefined],
  ] as const)
    test(`${property}/set ${payload} means ${JSON.stringify(command?.args)}`, () =>
      expect(homieDialect.decode(`homie/5/pump-1/pump/${property}/set`, payload, pumpDevice)).toEqual(
        command,
      ));
});
