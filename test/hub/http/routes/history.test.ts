import { beforeEach, describe, expect, test } from 'vitest';
import { RequestError } from '#contract/errors.ts';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});
const url = '/api/v1/groups/plant/devices/pump/history';

describe('the query', () => {
  test('is handed on with epoch ms, whatever form the times had', async () => {
    await rig.request({
      url: `${url}?start=1780000000000.5&end=2026-06-01T00:00:00%2B00:00&metrics=a,b&metrics=c&maxPoints=500`,
    });
    await rig.request({ url: `${url}?start=0&window=60000&limit=7` });
    expect(rig.history.queries).toEqual([
      [
        'plant',
        {
          devices: ['pump'],
          start: 1_780_000_000_000.5,
          end: Date.parse('2026-06-01T00:00:00Z'),
          metrics: ['a', 'b', 'c'],
          maxPoints: 500,
        },
      ],
      ['plant', { devices: ['pump'], start: 0, window: 60_000, limit: 7 }],
    ]);
  });

  test('without a range is the last hour', async () => {
    await rig.request({ url });
    expect(rig.history.queries[0]?.[1].start).toBe(rig.clock.nowUs() / 1000 - 3_600_000);
  });

  const wrong = [
    'start=yesterday',
    'start=',
    'end=2026-06-01',
    'maxPoints=0',
    'maxPoints=abc',
    'maxPoints=1.5',
  ];
  for (const query of [...wrong, 'maxPoints=1e9', 'window=0', 'limit=-1', 'format=xml', 'start=1&start=2'])
    test(`?${query} is 400`, async () => {
      expect((await rig.request({ url: `${url}?${query}` })).statusCode).toBe(400);
      expect(rig.history.queries).toEqual([]);
    });

  test('an unknown device is 404', async () => {
    expect((await rig.request({ url: '/api/v1/groups/plant/devices/nothing/history' })).statusCode).toBe(404);
  });
});

describe('the answer', () => {
  beforeEach(() => {
    rig.history.answer = {
      series: [{ device: 'pump', metric: 'flow', points: [[1_780_000_000_000, 2.5]] }],
      truncated: true,
    };
  });

  test('is JSON unless asked otherwise', async () => {
    expect((await rig.request({ url })).json()).toEqual(rig.history.answer);
  });

  test('is a page with the way to the next when a limit is named', async () => {
    rig.history.answer = { ...rig.history.answer, cursor: '1780000000000000-1' };
    const answer = await rig.request({ url: `${url}?format=ndjson&limit=1` });
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    expect(answer.headers['link']).toBe(
      `<${url}?format=ndjson&limit=1&cursor=1780000000000000-1>; rel="next"`,
    );
    expect(answer.json()).toEqual({ device: 'pump', metric: 'flow', ts: 1_780_000_000_000, value: 2.5 });
  });

  test('without a limit is streamed page after page', async () => {
    rig.history.pageCount = 3;
    const { body } = await rig.request({ url: `${url}?format=ndjson` });
    expect(body.split('\n').length).toBe(4);
  });

  test('has an error and its status when the first page cannot be read', async () => {
    rig.history.refuses = new RequestError(422, 'too-many-series', 'Too many.');
    expect((await rig.request({ url: `${url}?format=csv` })).json()).toMatchObject({
      code: 'too-many-series',
    });
  });

  test('is CSV by Accept or by format, as a file', async () => {
    for (const request of [{ url: `${url}?format=csv` }, { url, headers: { accept: 'text/csv' } }]) {
      const answer = await rig.request(request);
      expect(answer.headers['content-type']).toMatch(/^text\/csv/);
      expect(answer.headers['content-disposition']).toBe('attachment; filename="plant-pump.csv"');
      expect(answer.body).toBe(
        'device,metric,tags,time,value,quality\r\npump,flow,,2026-05-28T20:26:40.000Z,2.5,good\r\n',
      );
    }
  });
});

describe('several devices', () => {
  const ofGroup = '/api/v1/groups/plant/history';

  test('are asked for together', async () => {
    await rig.request({
      url: `${ofGroup}?devices=pump,valve&start=0&window=1000&aggregates=mean&fill=linear`,
    });
    const query = {
      devices: ['pump', 'valve'],
      start: 0,
      window: 1000,
      aggregates: ['mean'],
      fill: 'linear',
    };
    expect(rig.history.queries).toEqual([['plant', query]]);
  });

  test('must be named', async () => {
    expect((await rig.request({ url: ofGroup })).statusCode).toBe(400);
    expect((await rig.request({ url: `${ofGroup}?devices=,` })).json()).toMatchObject({
      code: 'invalid-devices',
    });
  });

  test('have a last value at a time', async () => {
    rig.history.last = { series: [{ device: 'pump', metric: 'flow', point: [5, 1] }] };
    const answer = await rig.request({ url: `${ofGroup}/last?devices=pump&metrics=flow&at=5` });
    expect(answer.json()).toEqual(rig.history.last);
    expect(rig.history.lastQueries).toEqual([['plant', { devices: ['pump'], metrics: ['flow'], at: 5 }]]);
  });
});
