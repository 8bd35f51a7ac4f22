import { describe, expect, test } from 'vitest';
import { toldTo } from './decode.ts';

describe('Tasmota, Commands', () => {
  test('a relay is switched where its state says that it is one', () =>
    expect(toldTo('tele/plug/STATE', { Time: '2026-06-01T12:00:00', POWER: 'OFF' })).toEqual([
      'tasmota/plug POWER switch → cmnd/plug/POWER ON',
    ]));
  test('the topic follows FullTopic, whatever it is', () =>
    expect(toldTo('home/plug/stat/RESULT', { POWER2: 'ON' })).toEqual([
      'tasmota/home_plug-6312 POWER2 switch → home/plug/cmnd/POWER2 ON',
    ]));
  test('a plain state is enough', () =>
    expect(toldTo('stat/plug/POWER1', 'OFF')).toEqual(['tasmota/plug POWER1 switch → cmnd/plug/POWER1 ON']));
  test('a lamp has brightness and colour temperature', () =>
    expect(toldTo('tele/lamp/STATE', { POWER: 'ON', Dimmer: 40, CT: 300 })).toEqual([
      'tasmota/lamp POWER switch → cmnd/lamp/POWER ON',
      'tasmota/lamp Dimmer slider 0..100/1 % → cmnd/lamp/Dimmer 100',
      'tasmota/lamp CT slider 153..500/1 → cmnd/lamp/CT 500',
    ]));
  test('a shutter goes to a position', () =>
    expect(toldTo('stat/blind/RESULT', { Shutter1: { Position: 50, Direction: 0, Target: 50 } })).toEqual([
      'tasmota/blind Shutter1.Position slider 0..100/1 % → cmnd/blind/ShutterPosition1 100',
    ]));
  test('what hangs behind a Zigbee gateway is not told in these words', () =>
    expect(
      toldTo('tele/gateway/SENSOR', {
        ZbReceived: { '0x1A2B': { Device: '0x1A2B', Power: 1, Dimmer: 200 } },
      }),
    ).toEqual([]));
});
