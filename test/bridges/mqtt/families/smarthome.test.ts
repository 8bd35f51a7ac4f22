import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('a state has its value and its time', () => {
  expect(understand('hm/status/hall/TEMP', { val: 20.5, ts: 1780000000000, lc: 1 })).toEqual([
    'smarthome/hm_hall-9eab TEMP = 20.5 @2026-05-28T20:26:40.000Z',
  ]);
  expect(understand('hm/status/light', { val: true, lc: 1780000000000 })).toEqual([
    'smarthome/hm light = true',
  ]);
});

test('a value alone proves nothing', () => {
  expect(understand('hm/status/light', { val: 1 })).toEqual(['unknown']);
  expect(understand('hm/status/light', '1')).toEqual(['unknown']);
  expect(understand('hm/set/light', { val: 1, ts: 1 })).toEqual(['unknown']);
});
