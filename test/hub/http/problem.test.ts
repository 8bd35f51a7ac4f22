import { expect, test } from 'vitest';
import { RejectedDeliveryError, RequestError, TryAgainError } from '#contract/errors.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import { notFound, pathOf, toProblem } from '../../../hub/http/problem.ts';

const cases: readonly [unknown, number, string][] = [
  [new RequestError(409, 'taken', 'Taken.'), 409, 'taken'],
  [new RejectedDeliveryError('too-old', 'Too old.'), 422, 'too-old'],
  [new TryAgainError('busy', 'Busy.'), 503, 'busy'],
  [new FormatError('invalid-json', 'No JSON.'), 400, 'invalid-json'],
  [new Error('secret detail'), 500, 'internal'],
  [Object.assign(new Error('secret detail'), { statusCode: 500 }), 500, 'internal'],
  [Object.assign(new Error('secret detail'), { statusCode: 200 }), 500, 'internal'],
  ['thrown text', 500, 'internal'],
  [undefined, 500, 'internal'],
];
for (const [error, status, code] of cases)
  test(`${String(error)} is ${status} ${code}`, () => {
    expect(toProblem(error)).toMatchObject({ type: 'about:blank', status, code });
    expect(JSON.stringify(toProblem(error))).not.toContain('secret');
  });

test('what is missing and what is forbidden have one answer', () => {
  expect(toProblem(notFound())).toEqual(toProblem(notFound()));
  expect(toProblem(notFound()).title).toBe('Not Found');
});

test('a path is logged without its query', () => {
  expect(pathOf({ url: '/a?token=secret' })).toBe('/a');
});
