import { describe, expect, test } from 'vitest';
import { shellyDialect } from '../../../simulators/dialects/shelly.ts';
import { button, climate, pumpDevice } from '../support/devices.ts';

const ts = Date.parse('2026-06-01T12:00:05.500Z');
const framesOf = (publishes: readonly { readonly payload: unknown }[]): unknown[] =>
  publishes.map(({ payload }) => JSON.parse(String(payload)) as unknown);

describe('Shelly, generation 2', () => {
  test('values stand in their components, with the time in seconds', () => {
    const message = { type: 'telemetry', ts, values: { running: true, power: 12.5, speed: 40 } } as const;
    const [publish] = shellyDialect.encode(message, pumpDevice);
    expect(publish?.topic).toBe('pump-1/events/rpc');
    expect(framesOf([publish ?? { payload: '' }])).toEqual([
      {
        src: 'pump-1',
        dst: 'pump-1/events',
        method: 'NotifyStatus',
        params: {
          ts: 1_780_315_205.5,
          'switch:0': { id: 0, output: true, apower: 12.5 },
          'number:201': { id: 201, value: 40 },
        },
      },
    ]);
  });
  test('sensors have components of their own', () => {
    const message = {
      type: 'telemetry',
      ts,
      values: { temperature: 21, humidity: 40, battery: 90 },
    } as const;
    expect(framesOf(shellyDialect.encode(message, climate))).toMatchObject([
      {
        params: {
          'temperature:0': { tC: 21 },
          'humidity:0': { rh: 40 },
          'devicepower:0': { battery: { percent: 90 } },
        },
      },
    ]);
  });
  test('a press is an event of an input', () => {
    const press = { type: 'event', ts, name: 'press', data: null, id: 'x' } as const;
    expect(framesOf(shellyDialect.encode(press, button))).toMatchObject([
      { method: 'NotifyEvent', params: { events: [{ component: 'input:0', event: 'single_push' }] } },
    ]);
  });
  const call = { id: 7, src: 'me', method: 'Switch.Set', params: { id: 0, on: true } };
  test('a call is a command, and its answer goes to who called', () => {
    const command = shellyDialect.decode('pump-1/rpc', JSON.stringify(call), pumpDevice);
    expect(command).toEqual({ id: '["me",7]', name: 'running', args: { value: true } });
    const result = { type: 'result', commandId: '["me",7]', answer: { ok: true } } as const;
    expect(shellyDialect.encode(result, pumpDevice)).toEqual([
      { topic: 'me/rpc', payload: '{"id":7,"src":"pump-1","dst":"me","result":{"was_on":false}}' },
    ]);
  });
  test('a refusal is an error', () => {
    const answer = { ok: false, error: { code: 'invalid-value', message: 'No.' } } as const;
    expect(
      framesOf(shellyDialect.encode({ type: 'result', commandId: '["me",7]', answer }, pumpDevice)),
    ).toMatchObject([{ error: { code: -103, message: 'No.' } }]);
  });
  for (const [payload, value] of [
    [
      { ...call, method: 'Number.Set', params: { id: 201, value: 30 } },
      { name: 'speed', args: { value: 30 } },
    ],
    [{ ...call, params: { id: 1, on: true } }, undefined],
    [{ ...call, src: undefined }, undefined],
    ['on', undefined],
  ] as const)
    test(`${JSON.stringify(payload)} means ${JSON.stringify(value)}`, () => {
      const command = shellyDialect.decode('pump-1/rpc', JSON.stringify(payload), pumpDevice);
      if (value === undefined) expect(command).toBeUndefined();
      else expect(command).toMatchObject(value);
    });
});
