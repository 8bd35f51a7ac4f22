import { describe, expect, test } from 'vitest';
import { fileNameOf, seenAsCsv, seenAsJson } from '../../../dashboards/series/export.ts';
import { SeriesRing } from '../../../dashboards/series/ring.ts';

const ring = new SeriesRing({ capacity: 10 });
ring.addPoint({ timeMs: 0, min: 1, mean: 2, max: 3, count: 4 });
ring.addPoint({ timeMs: 1000, min: 5, mean: 6, max: 7, count: 8 });
ring.addReading(2000, 9);
const seen = {
  group: 'hall',
  edges: { start: 500, end: 2000 },
  series: [{ key: 'k', device: 'pump', metric: 'flow', tags: { pipe: '=1' }, unit: 'L/min', ring }],
};

describe('What is seen, as a file', () => {
  test('CSV has one row per drawn point, none outside of the view, and no cell that is a formula', () => {
    expect(seenAsCsv(seen).split('\r\n')).toEqual([
      'group,device,metric,tags,unit,time,min,mean,max,count',
      'hall,pump,flow,pipe=%3D1,L/min,1970-01-01T00:00:01.000Z,5,6,7,8',
      'hall,pump,flow,pipe=%3D1,L/min,1970-01-01T00:00:02.000Z,9,9,9,1',
      '',
    ]);
  });

  test('JSON says what it covers', () => {
    expect(JSON.parse(seenAsJson(seen))).toMatchObject({
      group: 'hall',
      start: '1970-01-01T00:00:00.500Z',
      end: '1970-01-01T00:00:02.000Z',
      series: [
        {
          device: 'pump',
          metric: 'flow',
          points: [
            { max: 7, count: 8 },
            { mean: 9, count: 1 },
          ],
        },
      ],
    });
  });

  test('the name of the file is good on every file system', () => {
    expect(fileNameOf('a:b/c', 0, 'csv')).toBe('a_b_c_1970-01-01T00-00.csv');
  });
});
