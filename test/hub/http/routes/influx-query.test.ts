import type { LightMyRequestResponse } from 'fastify';
import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };
/** As Telegraf logs in, with a token for the group `plant`. */
async function ask(q: string): Promise<LightMyRequestResponse> {
  const token = await rig.token({ name: 'telegraf', role: 'gateway', groups: ['plant'] });
  const headers = { authorization: `Basic ${Buffer.from(`any:${token}`).toString('base64')}` };
  return rig.anonymous({ url: `/query?q=${encodeURIComponent(q)}`, headers });
}

describe('InfluxDB 1.x: /query, before the first write', () => {
  test('CREATE DATABASE is answered, as Telegraf sends it', async () => {
    const payload = new URLSearchParams({ q: 'CREATE DATABASE "plant"' }).toString();
    const answer = await rig.request({ method: 'POST', url: '/query', payload, headers: form });
    expect([answer.statusCode, answer.json()]).toEqual([200, { results: [{ statement_id: 0 }] }]);
  });

  for (const q of ['create database plant', 'CREATE DATABASE "plant" WITH DURATION 7d NAME "week";'])
    test(`${q} is one, too`, async () => {
      expect((await ask(q)).statusCode).toBe(200);
    });

  test('a statement without end is refused, whatever it is made of', async () => {
    const payload = new URLSearchParams({
      q: `CREATE DATABASE plant WITH ${' '.repeat(500_000)}x`,
    }).toString();
    const answer = await rig.request({ method: 'POST', url: '/query', payload, headers: form });
    expect([answer.statusCode, answer.json().error]).toEqual([
      400,
      'A statement has at most 1024 characters.',
    ]);
  });

  test('a database where the token may not write is as if it were not there', async () => {
    const answer = await ask('CREATE DATABASE office');
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not found']);
    expect(answer.json().error).toBe(answer.json().message);
  });

  test('nobody asks without a token', async () => {
    expect((await rig.anonymous({ url: '/query?q=SHOW%20DATABASES' })).statusCode).toBe(401);
  });

  test('SHOW DATABASES are the groups where the token may write', async () => {
    const answer = await ask('SHOW DATABASES');
    expect(answer.json().results[0].series).toEqual([
      { name: 'databases', columns: ['name'], values: [['plant']] },
    ]);
  });

  for (const q of [
    '',
    'DROP DATABASE plant',
    'SELECT * FROM cpu',
    'CREATE DATABASE plant; DROP DATABASE plant',
  ])
    test(`${JSON.stringify(q)} is refused in a sentence`, async () => {
      const answer = await ask(q);
      expect([answer.statusCode, answer.json().error]).toEqual([
        400,
        'Only CREATE DATABASE and SHOW DATABASES are answered here.',
      ]);
    });
});
