import Type from 'typebox';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Routes } from '../../../hub/http/server.ts';
import { HttpRig } from './support.ts';

const Body = Type.Object({ n: Type.Number() }, { additionalProperties: false });
const Query = Type.Object({
  integer: Type.Optional(Type.Integer()),
  number: Type.Optional(Type.Number()),
  flag: Type.Optional(Type.Boolean()),
  text: Type.Optional(Type.String()),
});
const config = { permission: 'public' } as const;
const echo: Routes = (app) => {
  app.route({
    method: 'POST',
    url: '/echo',
    schema: { body: Body },
    config,
    handler: async ({ body }) => body,
  });
  app.route({
    method: 'GET',
    url: '/echo',
    schema: { querystring: Query },
    config,
    handler: async ({ query }) => query,
  });
  app.route({ method: 'POST', url: '/any', config, handler: async ({ body }) => ({ body }) });
};

let rig: HttpRig;
beforeAll(async () => {
  rig = await HttpRig.start({}, [echo]);
});
const headers = { 'content-type': 'application/json' };

describe('a body', () => {
  for (const payload of [
    '{"n":null}',
    '{"n":true}',
    '{"n":"1"}',
    '{"n":[1]}',
    '{"n":1,"m":2}',
    '{}',
    'null',
    '[]',
  ])
    test(`${payload} does not fit a number, and is not made to`, async () => {
      const answer = await rig.anonymous({ method: 'POST', url: '/echo', payload, headers });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
    });

  test('what is wrong is told by JSON Pointer', async () => {
    const answer = await rig.anonymous({ method: 'POST', url: '/echo', payload: '{"n":"1"}', headers });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ status: 400, title: 'Bad Request', errors: [{ pointer: '/n' }] });
  });

  for (const payload of ['{', '{"n":NaN}', '{"n":1e999', '\u0000'])
    test(`${JSON.stringify(payload)} is no JSON`, async () => {
      const answer = await rig.anonymous({ method: 'POST', url: '/echo', payload, headers });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-json']);
    });

  test('1e999 is no number that could be stored', async () => {
    const answer = await rig.anonymous({ method: 'POST', url: '/echo', payload: '{"n":1e999}', headers });
    expect(answer.statusCode).toBe(400);
  });

  test('keys of the object prototype are data and pollute nothing', async () => {
    const payload = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    expect((await rig.anonymous({ method: 'POST', url: '/any', payload, headers })).statusCode).toBe(200);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test('none at all is none, even with a content type', async () => {
    expect((await rig.anonymous({ method: 'POST', url: '/any', headers })).json()).toEqual({});
  });

  test('beyond 1 MiB is 413', async () => {
    const payload = `"${'x'.repeat(1024 * 1024)}"`;
    const answer = await rig.anonymous({ method: 'POST', url: '/any', payload, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'body-too-large']);
  });
});

describe('a query', () => {
  test('has the types of its schema', async () => {
    const answer = await rig.anonymous({ url: '/echo?integer=5&number=-1.5&flag=true&text=7' });
    expect(answer.json()).toEqual({ integer: 5, number: -1.5, flag: true, text: '7' });
  });

  const wrong = [
    'integer=1.5',
    'integer=',
    'integer=true',
    'integer=0x10',
    'number=Infinity',
    'number=1e5',
    'flag=1',
  ];
  for (const query of [...wrong, 'flag=yes', 'integer=1&integer=2', 'text=a&text=b'])
    test(`?${query} is 400, not guessed`, async () => {
      expect((await rig.anonymous({ url: `/echo?${query}` })).statusCode).toBe(400);
    });
});
