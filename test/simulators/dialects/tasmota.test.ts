import { describe, expect, test } from 'vitest';
import { tasmotaDialect } from '../../../simulators/dialects/tasmota.ts';
import { bed, button, climate, pumpDevice } from '../support/devices.ts';

const ts = Date.parse('2026-06-01T12:00:05.678Z');
const telemetry = (values: Record<string, number | boolean>) => ({ type: 'telemetry', ts, values }) as const;

describe('Tasmota, MQTT', () => {
  test('sensors report in SENSOR with a time of whole seconds and no zone', () => {
    const message = telemetry({ temperature: 21.5, humidity: 60.1, co2: 500, battery: 90 });
    expect(tasmotaDialect.encode(message, climate)).toEqual([
      {
        topic: 'tele/climate-1/SENSOR',
        payload:
          '{"Time":"2026-06-01T12:00:05","SCD40":{"Temperature":21.5,"Humidity":60.1,"CarbonDioxide":500,"Battery":90},"TempUnit":"C"}',
      },
    ]);
  });

  test('a relay is in STATE as ON or OFF, and not in SENSOR', () => {
    const [sensor, state] = tasmotaDialect.encode(telemetry({ flow: 6.5, valve: true }), bed);
    expect(sensor?.payload).toContain('"GreenhouseBed":{"Flow":6.5}');
    expect(state).toEqual({
      topic: 'tele/bed-1/STATE',
      payload: '{"Time":"2026-06-01T12:00:05","POWER":"ON"}',
    });
  });

  test('the answer to POWER is RESULT and then POWER', () => {
    expect(tasmotaDialect.encode({ ...telemetry({ valve: false }), confirms: 'valve' }, bed)).toEqual([
      { topic: 'stat/bed-1/RESULT', payload: '{"POWER":"OFF"}' },
      { topic: 'stat/bed-1/POWER', payload: 'OFF' },
    ]);
  });

  test('the answer to Dimmer is RESULT alone', () => {
    expect(tasmotaDialect.encode({ ...telemetry({ speed: 40 }), confirms: 'speed' }, pumpDevice)).toEqual([
      { topic: 'stat/pump-1/RESULT', payload: '{"Dimmer":40}' },
    ]);
  });

  test('a press is a button action, and what Tasmota has no word for is not said', () => {
    const press = { type: 'event', ts, name: 'press', data: null, id: 'x' } as const;
    expect(tasmotaDialect.encode(press, button)).toEqual([
      { topic: 'stat/button-1/RESULT', payload: '{"Button1":{"Action":"SINGLE"}}' },
    ]);
    expect(tasmotaDialect.encode({ ...press, name: 'identify' }, button)).toEqual([]);
    expect(tasmotaDialect.encode({ type: 'result', commandId: 'c', answer: { ok: true } }, bed)).toEqual([]);
  });

  test('presence is LWT, retained', () => {
    expect(tasmotaDialect.hello(bed)).toEqual([{ topic: 'tele/bed-1/LWT', payload: 'Online', retain: true }]);
    expect(tasmotaDialect.farewell(bed)).toEqual({
      topic: 'tele/bed-1/LWT',
      payload: 'Offline',
      retain: true,
    });
  });

  const commands = [
    { topic: 'cmnd/pump-1/POWER', payload: 'ON', command: { name: 'running', args: { value: true } } },
    { topic: 'cmnd/pump-1/Power', payload: 'off', command: { name: 'running', args: { value: false } } },
    {
      topic: 'cmnd/pump-1/POWER',
      payload: 'TOGGLE',
      command: { name: 'running', args: { value: 'toggle' } },
    },
    { topic: 'cmnd/pump-1/Dimmer', payload: '75', command: { name: 'speed', args: { value: 75 } } },
    { topic: 'cmnd/pump-1/POWER', payload: 'maybe', command: { name: 'running', args: { value: 'maybe' } } },
    { topic: 'cmnd/pump-1/POWER', payload: '', command: undefined },
    { topic: 'cmnd/pump-1/Backlog', payload: 'x', command: undefined },
  ];
  for (const { topic, payload, command } of commands) {
    test(`${topic} with ${JSON.stringify(payload)} means ${JSON.stringify(command?.args)}`, () => {
      expect(tasmotaDialect.decode(topic, payload, pumpDevice)).toEqual(command);
    });
  }
});
