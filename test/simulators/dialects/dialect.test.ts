import { expect, test } from 'vitest';
import { onOff, readJson } from '../../../simulators/dialects/dialect.ts';

test('what is no JSON is nothing, not an error', () => {
  expect(readJson('{"a":1}')).toEqual({ a: 1 });
  for (const text of ['', '{', 'ON', '\u0000']) expect(readJson(text)).toBeUndefined();
});

test('a switch is ON or OFF, everything else stays what it is', () => {
  expect([true, false, 5, 'x'].map(onOff)).toEqual(['ON', 'OFF', 5, 'x']);
});
