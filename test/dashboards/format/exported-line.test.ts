import { describe, expect, test } from 'vitest';
import { placeOf } from '../../../dashboards/format/exported-line.ts';

const timeMs = Date.parse('2026-05-01T10:00:00Z');

describe('Where an export is', () => {
  for (const line of [
    'bed-1,temperature,,2026-05-01T10:00:00.000Z,21.5,good',
    'bed-1,temperature,"cpu=a,b""c",2026-05-01T10:00:00.000Z,21.5,good',
  ])
    test(`CSV: ${line}`, () => {
      expect(placeOf(line, 'csv')).toEqual({ device: 'bed-1', metric: 'temperature', timeMs });
    });

  test('an id that looks like a number is in quotes in CSV', () => {
    expect(placeOf('"42","7",,2026-05-01T10:00:00.000Z,1,good', 'csv')).toMatchObject({
      device: '42',
      metric: '7',
    });
  });

  for (const line of [
    `plant,device=bed-1 temperature=21.5 ${timeMs}000`,
    `plant,cpu=a\\ b=\\,c,device=bed-1,room=x\\ y temperature=21.5,temperature_quality="stale" ${timeMs}000`,
  ])
    test(`line protocol: ${line}`, () => {
      expect(placeOf(line, 'line-protocol')).toEqual({ device: 'bed-1', metric: 'temperature', timeMs });
    });

  for (const line of [
    '',
    'device,metric,tags,time,value,quality',
    'cut off in the mid',
    'a,b,c,never,1,good',
  ])
    test(`nowhere: ${JSON.stringify(line)}`, () => {
      expect(placeOf(line, 'csv')).toBeUndefined();
      expect(placeOf(line, 'line-protocol')).toBeUndefined();
    });
});
