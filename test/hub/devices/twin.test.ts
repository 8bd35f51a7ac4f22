import { describe, expect, test } from 'vitest';
import type { Json } from '#contract/event.ts';
import { mergeReported } from '../../../hub/devices/twin.ts';

describe('Reported state', () => {
  test('a report replaces the keys it has, keeps the others, and null removes', () => {
    const known = { on: true, brightness: 10, mode: { scene: 'day', speed: 1 } };
    expect(mergeReported(known, { brightness: 20, mode: { scene: 'night' }, on: null })).toEqual({
      brightness: 20,
      mode: { scene: 'night' },
    });
  });

  test('a state that grows past its bound is refused as a whole', () => {
    const known = { a: 'x'.repeat(10_000) };
    expect(() => mergeReported(known, { b: 'x'.repeat(10_000) })).toThrow(
      expect.objectContaining({ name: 'RequestError', code: 'reported-too-large' }),
    );
  });

  test('nesting is bounded', () => {
    let deep: Json = 1;
    for (let level = 0; level < 40; level += 1) deep = { deep };
    expect(() => mergeReported({}, { deep })).toThrow(expect.objectContaining({ code: 'reported-too-deep' }));
  });

  test('a key that names a prototype is a key like any other', () => {
    const hostile = JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as Record<string, Json>;
    const merged = mergeReported({}, hostile);
    expect(Object.keys(merged)).toEqual(['__proto__', 'constructor']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});
