import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

const url = '/api/v1/groups/plant/export';
let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
  const points = [
    [1_780_000_000_000, 2.5],
    [1_780_000_000_000.001, null, 'bad'],
  ] as const;
  rig.history.answer = {
    series: [{ device: 'pump', metric: 'flow', tags: { side: 'a' }, points }],
    truncated: false,
  };
});

describe('An export', () => {
  test('is line protocol that the import takes back', async () => {
    const answer = await rig.request({ url: `${url}?devices=pump&metrics=flow` });
    expect(answer.headers['content-disposition']).toBe('attachment; filename="plant.lp"');
    expect(answer.body).toBe(
      'plant,device=pump,side=a flow=2.5 1780000000000000\n' +
        'plant,device=pump,side=a flow_quality="bad" 1780000000000001\n',
    );
  });

  test('is CSV or NDJSON on request, from a series at a time', async () => {
    const csv = await rig.request({ url: `${url}?format=csv&devices=pump&metrics=flow&start=5` });
    expect(csv.body.split('\r\n')).toHaveLength(4);
    expect(
      (await rig.request({ url: `${url}?format=ndjson&devices=pump&metrics=flow` })).body.split('\n'),
    ).toHaveLength(3);
    expect(rig.history.queries[0]).toEqual(['plant', { devices: ['pump'], metrics: ['flow'], start: 5 }]);
  });

  test('of nothing is an empty file; of a group that is not there it is none', async () => {
    expect((await rig.request({ url: `${url}?devices=nobody` })).body).toBe('');
    expect((await rig.request({ url: '/api/v1/groups/plnat/export' })).statusCode).toBe(404);
  });
});
