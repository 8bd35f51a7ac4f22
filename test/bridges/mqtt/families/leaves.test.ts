import { expect, test } from 'vitest';
import { readingsOf } from '../../../../bridges/mqtt/families/leaves.ts';

test('every scalar is a reading under its path, in order', () => {
  expect(
    readingsOf({ a: { b: 1, c: [true, 'x'] }, d: null }).map(({ metric, value, quality }) => [
      metric,
      value,
      quality,
    ]),
  ).toEqual([
    ['a.b', 1, 'good'],
    ['a.c.0', true, 'good'],
    ['a.c.1', 'x', 'good'],
    ['d', null, 'bad'],
  ]);
});

for (const [text, value] of [
  ['12.5', 12.5],
  ['-3', -3],
  ['0', 0],
  ['ON', true],
  ['off', false],
  ['007', '007'],
  ['12345678', '12345678'],
  ['1.2.3', '1.2.3'],
  ['2%', '2%'],
] as const)
  test(`the text ${text} is ${JSON.stringify(value)}`, () =>
    expect(readingsOf({ x: text })[0]?.value).toBe(value));

test('rules say units, sentinels, what to skip, and how far the time is to be trusted', () => {
  const rules = {
    timeUs: 5,
    quality: 'uncertain',
    unit: ([name]: readonly string[]) => (name === 't' ? 'Cel' : undefined),
    skip: ([name]: readonly string[]) => name === 'id',
    isSentinel: (_path: readonly string[], value: number) => value === 999,
  } as const;
  expect(readingsOf({ id: 7, t: 20, u: 999 }, rules)).toEqual([
    { metric: 't', value: 20, quality: 'uncertain', timeUs: 5, unit: 'Cel' },
    { metric: 'u', value: null, quality: 'bad', timeUs: 5 },
  ]);
});

test('keys of the language are only names', () => {
  const value = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}') as unknown;
  expect(readingsOf(value).map(({ metric }) => metric)).toEqual(['__proto__.polluted', 'constructor']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
