import { describe, expect, test } from 'vitest';
import { committed, reading } from '../../../support/commits.ts';
import { rigWithRegistry } from '../registry-rig.ts';

const csv = 'text/csv';

async function hubWithDevices() {
  const parts = await rigWithRegistry();
  parts.devices.seen(committed({ readings: [reading(1), reading(1, { group: 'farm', device: 'pump' })] }));
  await parts.devices.management.change('home', 'lamp', {
    title: 'Lamp, "left"',
    labels: { room: 'Küche', note: '=1+1' },
    location: { name: 'House', latitude: -48.1, longitude: 11.6 },
    metrics: { power: { unit: 'W', precision: 1, min: -5, max: 60 } },
  });
  return parts;
}

type Parts = Awaited<ReturnType<typeof hubWithDevices>>;

async function exported({ rig }: Parts, format: 'json' | 'csv'): Promise<string> {
  const answer = await rig.request({ url: `/api/v1/devices/export?format=${format}` });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-disposition']).toContain(`devices.${format}`);
  return answer.body;
}

async function imported({ rig }: Parts, payload: string, type = 'application/json'): Promise<object> {
  const url = '/api/v1/devices/import';
  const answer = await rig.request({ method: 'POST', url, payload, headers: { 'content-type': type } });
  return answer.json<object>();
}

const formats = [
  ['json', 'application/json'],
  ['csv', csv],
] as const;

describe('devices in a file', () => {
  for (const [format, type] of formats)
    test(`${format}: what goes out makes the same devices in an empty hub, and does nothing where it came from`, async () => {
      const from = await hubWithDevices();
      const file = await exported(from, format);
      expect(await imported(from, file, type)).toEqual({
        created: 0,
        changed: 0,
        unchanged: 2,
        rejected: [],
      });
      const to = await rigWithRegistry();
      expect(await imported(to, file, type)).toEqual({ created: 2, changed: 0, unchanged: 0, rejected: [] });
      expect(await exported(to, format)).toBe(file);
      const { title, labels, location, metrics } = from.devices.get('home', 'lamp') ?? {};
      expect(to.devices.get('home', 'lamp')).toMatchObject({ title, labels, location, metrics });
    });

  test('a cell that a spreadsheet would calculate is guarded on its way out and bare when it is back', async () => {
    const file = await exported(await hubWithDevices(), 'csv');
    expect(file).toContain(`'=1+1`);
    expect(file.split('\r\n')[0]).toBe(
      'group,device,title,model,location,latitude,longitude,altitude,label:note,label:room,metrics',
    );
  });

  test('rows that cannot be taken are named, the others are taken', async () => {
    const parts = await hubWithDevices();
    const file =
      'group,device,title,latitude\nhome,lamp,Better,\nhome,no id,x,\nHOME,a,x,\nhome,b,x,91\n,c,x,\nhome,d,New,1\n';
    expect(await imported(parts, file, csv)).toMatchObject({
      created: 1,
      changed: 1,
      rejected: [
        { row: 2, code: 'invalid-id' },
        { row: 3, code: 'invalid-id' },
        { row: 4, code: 'invalid-row' },
        { row: 5, code: 'invalid-row' },
      ],
    });
    expect(parts.devices.get('home', 'lamp')).toMatchObject({ title: 'Better', labels: { room: 'Küche' } });
  });

  const wrong = [
    ['{}', 'application/json', 'invalid-request'],
    ['a,b\n"x', csv, 'invalid-csv'],
    ['group,device,metrics\nhome,a,{\n', csv, 'invalid-csv'],
  ] as const;
  for (const [file, type, code] of wrong)
    test(`${JSON.stringify(file)} is ${code}`, async () => {
      expect(await imported(await hubWithDevices(), file, type)).toMatchObject({ code });
    });

  test('an administrator of one group exports and imports that group only', async () => {
    const { rig } = await hubWithDevices();
    const secret = await rig.token({ name: 'x', role: 'admin', groups: ['farm'] });
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const out = await rig.anonymous({ url: '/api/v1/devices/export', headers });
    expect(out.json()).toMatchObject([{ group: 'farm', device: 'pump' }]);
    const payload = JSON.stringify([{ group: 'home', device: 'lamp', title: 'Mine' }]);
    const into = await rig.anonymous({ method: 'POST', url: '/api/v1/devices/import', payload, headers });
    expect(into.json()).toMatchObject({ changed: 0, rejected: [{ row: 1, code: 'forbidden' }] });
  });

  test('ten thousand rows go in at once', { timeout: 30_000 }, async () => {
    const parts = await rigWithRegistry();
    const rows = Array.from({ length: 10_000 }, (_, at) => ({ group: `g${at % 100}`, device: `d${at}` }));
    expect(await imported(parts, JSON.stringify(rows))).toMatchObject({ created: 10_000 });
    expect(JSON.parse(await exported(parts, 'json'))).toHaveLength(10_000);
  });
});
