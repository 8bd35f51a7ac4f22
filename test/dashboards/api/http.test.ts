import { describe, expect, test } from 'vitest';
import { Http } from '../../../dashboards/api/http.ts';

const http = (answer: () => Promise<Response>): Http => new Http({ fetch: answer });

describe('The HTTP client', () => {
  test('a problem of the hub arrives with its code and its sentence', async () => {
    const body = JSON.stringify({
      code: 'forbidden',
      title: 'Forbidden',
      detail: 'Your role may not.',
      status: 403,
    });
    await expect(http(async () => new Response(body, { status: 403 })).get('/x')).rejects.toMatchObject({
      name: 'HttpProblem',
      status: 403,
      code: 'forbidden',
      message: 'Your role may not.',
    });
  });

  test('an error page of something in between is still a problem with its status', async () => {
    await expect(http(async () => new Response('<html>', { status: 502 })).get('/x')).rejects.toMatchObject({
      status: 502,
      code: 'http-error',
    });
  });

  test('a hub that cannot be reached is status 0', async () => {
    await expect(http(() => Promise.reject(new TypeError('x'))).get('/x')).rejects.toMatchObject({
      status: 0,
      code: 'unreachable',
    });
  });

  test('an empty answer is no value; a broken one is an error', async () => {
    expect(await http(async () => new Response(null, { status: 204 })).get('/x')).toBeUndefined();
    await expect(http(async () => new Response('{')).get('/x')).rejects.toMatchObject({ code: 'not-json' });
  });
});
