import { describe, expect, test } from 'vitest';
import { importCsv, importLines } from '../../../hub/http/imported.ts';

const options = { group: 'plant', precision: 'us', deviceTags: ['device', 'host'] } as const;

describe('Line protocol', () => {
  test('of anybody has `measurement.field` as its metric', () => {
    const { readings } = importLines('cpu,host=a,cpu=cpu0 idle=97.5 1780000000000000', options);
    expect(readings).toMatchObject([
      { group: 'plant', device: 'a', metric: 'cpu.idle', tags: { cpu: 'cpu0' }, value: 97.5, row: 1 },
    ]);
  });

  test('of the hub’s own export is what it was: metric, quality, nothing', () => {
    const lines = [
      'plant,device=pump flow=2.5 1780000000000000',
      'plant,device=pump flow=3,flow_quality="stale" 1780000000000001',
      'plant,device=pump flow_quality="bad" 1780000000000002',
      'plant,device=pump air_quality="good enough" 1780000000000003',
    ];
    const { readings } = importLines(lines.join('\n'), options);
    const shown = readings.map(({ metric, value, quality, row }) => [row, metric, value, quality]);
    expect(shown.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toMatchObject([
      [1, 'flow', 2.5, expect.anything()],
      [2, 'flow', 3, 'stale'],
      [3, 'flow', null, 'bad'],
      [4, 'air_quality', 'good enough', expect.anything()],
    ]);
  });

  test('that cannot be read is named by its line', () => {
    expect(importLines('a v=1 1\nnonsense\n', options).problems).toMatchObject([{ row: 2 }]);
  });
});

test('CSV is of the group that it is sent to', () => {
  const { readings } = importCsv('device,metric,time,value\npump,flow,1780000000000,1\n', options);
  expect(readings).toMatchObject([{ group: 'plant', device: 'pump', metric: 'flow', row: 2 }]);
});
