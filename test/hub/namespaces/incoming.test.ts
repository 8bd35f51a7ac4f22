import { describe, expect, test } from 'vitest';
import { PayloadText, readEvent, readReport, readTelemetry } from '../../../hub/namespaces/incoming.ts';
import { callerOf } from './fake-socket.ts';

const own = callerOf({ device: 'lamp' });
const gateway = callerOf();
const everything = (): boolean => true;
const nothing = (): boolean => false;

const devices = (payload: unknown, caller = own, mayWrite = nothing): string[] =>
  readTelemetry(caller, payload, 0, mayWrite).readings.map(({ device }) => device);

describe('Whose readings they are', () => {
  test('a device is itself, without a name and with a single one, as a serial number in SenML', () => {
    expect(devices({ power: 1 })).toEqual(['lamp']);
    expect(devices([{ bn: 'urn:dev:mac:0024befffe804ff1:', n: 'power', v: 1 }])).toEqual(['lamp']);
  });

  test('a gateway names its devices, as many as it may write to', () => {
    const payload = [
      { device: 'lamp', power: 1 },
      { device: 'fan', power: 2 },
    ];
    expect(devices(payload, gateway, everything)).toEqual(['lamp', 'fan']);
    expect(() => devices(payload, gateway)).toThrow(expect.objectContaining({ code: 'device-not-granted' }));
  });

  test('what is not granted or not named is a problem, the rest is taken', () => {
    const payload = [5, { power: 2 }, { device: 'fan', power: 1 }];
    const incoming = readTelemetry(gateway, payload, 0, (_caller, device) => device === 'fan');
    const { readings, refused } = incoming;
    expect(readings).toEqual([{ group: 'home', device: 'fan', metric: 'power', value: 1, quality: 'good' }]);
    expect(refused).toMatchObject([
      { index: 0, code: 'not-an-object' },
      { index: 1, code: 'no-device' },
    ]);
    const tooOld = { index: 0, code: 'too-old', message: 'Too old.' };
    expect(incoming.refusal(tooOld)).toEqual({ ...tooOld, index: 2, metric: 'power' });
  });

  for (const [payload, code] of [
    ['text', 'not-telemetry'],
    [{}, 'empty'],
    [[], 'empty'],
    [undefined, 'not-telemetry'],
  ] as const)
    test(`${JSON.stringify(payload)} is refused`, () => {
      expect(() => devices(payload)).toThrow(
        expect.objectContaining({ name: 'RejectedDeliveryError', code }),
      );
    });
});

describe('Events and reports', () => {
  test('an event is of the device that the socket speaks for', () => {
    expect(readEvent(own, { device: 'fan', name: 'pressed' }, nothing).device).toBe('lamp');
    expect(readEvent(gateway, { device: 'fan', name: 'pressed' }, everything).device).toBe('fan');
    expect(() => readEvent(gateway, { device: 'fan', name: 'pressed' }, nothing)).toThrow(
      expect.objectContaining({ code: 'device-not-granted' }),
    );
  });

  test('a report is what remains when its device is known', () => {
    expect(readReport(own, { on: true })).toEqual({ device: 'lamp', state: { on: true } });
    expect(readReport(gateway, { device: 'fan', on: true })).toEqual({ device: 'fan', state: { on: true } });
  });

  test('a report of no valid device is refused', () => {
    for (const device of [undefined, 7, '../x', '__proto__'])
      expect(() => readReport(gateway, { device, on: true })).toThrow(
        expect.objectContaining({ code: 'no-device' }),
      );
  });
});

test('a payload becomes bytes whatever it is', () => {
  const texts = [{ a: 1 }, 'x', undefined].map((payload) => String(new PayloadText(payload).bytes));
  expect(texts).toEqual(['{"a":1}', '"x"', '']);
});
