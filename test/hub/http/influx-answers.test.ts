import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { RequestError, TryAgainError } from '#contract/errors.ts';
import { createInfluxErrorHandler } from '../../../hub/http/influx-answers.ts';
import { silentLog } from '../../support/fakes.ts';

async function answerTo(error: Error, version: 1 | 2): Promise<readonly [number, unknown]> {
  const app = fastify();
  app.setErrorHandler(createInfluxErrorHandler({ log: silentLog }, version));
  app.get('/', async () => {
    throw error;
  });
  const answer = await app.inject('/');
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  return [answer.statusCode, answer.json()];
}

describe('errors as clients of InfluxDB read them', () => {
  const cases: readonly (readonly [Error, number, string])[] = [
    [new RequestError(400, 'a', 'Text.'), 400, 'invalid'],
    [new RequestError(401, 'a', 'Text.'), 401, 'unauthorized'],
    [new RequestError(403, 'a', 'Text.'), 403, 'forbidden'],
    [new RequestError(404, 'a', 'Text.'), 404, 'not found'],
    [new RequestError(413, 'a', 'Text.'), 413, 'request too large'],
    [new RequestError(429, 'a', 'Text.'), 429, 'too many requests'],
    [new TryAgainError('a', 'Text.'), 503, 'unavailable'],
  ];
  for (const [error, status, code] of cases)
    test(`${status} is ${code}`, async () => {
      expect(await answerTo(error, 2)).toEqual([status, { code, message: 'Text.' }]);
      expect(await answerTo(error, 1)).toEqual([status, { code, message: 'Text.', error: 'Text.' }]);
    });
});
