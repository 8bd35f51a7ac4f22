import { describe, expect, test } from 'vitest';
import type { Json } from '#contract/event.ts';
import { deltaOf, isSame, mergeState, toDesiredMessage, twinOf } from '../../../hub/devices/twin.ts';

describe('Reported state', () => {
  test('a report replaces the keys it has, keeps the others, and null removes', () => {
    const known = { on: true, brightness: 10, mode: { scene: 'day', speed: 1 } };
    expect(mergeState(known, { brightness: 20, mode: { scene: 'night' }, on: null })).toEqual({
      brightness: 20,
      mode: { scene: 'night' },
    });
  });

  test('a state that grows past its bound is refused as a whole', () => {
    const known = { a: 'x'.repeat(10_000) };
    expect(() => mergeState(known, { b: 'x'.repeat(10_000) })).toThrow(
      expect.objectContaining({ name: 'RequestError', code: 'reported-too-large' }),
    );
  });

  test('nesting is bounded', () => {
    let deep: Json = 1;
    for (let level = 0; level < 40; level += 1) deep = { deep };
    expect(() => mergeState({}, { deep })).toThrow(expect.objectContaining({ code: 'reported-too-deep' }));
  });

  test('a key that names a prototype is a key like any other', () => {
    const hostile = JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as Record<string, Json>;
    const merged = mergeState({}, hostile);
    expect(Object.keys(merged)).toEqual(['__proto__', 'constructor']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});

const desired = (state: Readonly<Record<string, Json>>) => ({ state, version: 2, at: 5 });

describe('Between desired and reported', () => {
  const record = {
    group: 'home',
    device: 'lamp',
    title: 'lamp',
    labels: {},
    metrics: [],
    controls: [],
    createdAt: 1,
    reported: { on: true, mode: { speed: 1, scene: 'day' } },
  };

  test('lies what is desired and not reported so, compared as a whole and whatever the order of keys', () => {
    const wanted = { on: true, mode: { scene: 'day', speed: 1 }, level: 3 };
    expect(deltaOf({ ...record, desired: desired(wanted) })).toEqual({ level: 3 });
    expect(deltaOf({ ...record, desired: desired({ mode: { scene: 'night', speed: 1 } }) })).toEqual({
      mode: { scene: 'night', speed: 1 },
    });
    expect(deltaOf({ ...record, desired: desired({ toString: 1 }) })).toEqual({ toString: 1 });
  });

  test('nothing lies while nobody desires anything', () => {
    expect(twinOf(record)).toBeUndefined();
    expect(toDesiredMessage(record)).toBeUndefined();
    expect(deltaOf(record)).toEqual({});
  });

  test('a twin tells both versions, and the device is told all and the difference', () => {
    const full = { ...record, desired: desired({ on: false }), reportedVersion: 7 };
    const delta = { on: false };
    expect(twinOf(full)).toEqual({ desired: delta, version: 2, desiredAt: 5, reportedVersion: 7, delta });
    expect(toDesiredMessage(full)).toEqual({ version: 2, desired: delta, delta });
  });

  test('the same is the same whatever the order of its keys', () => {
    expect(isSame({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true);
    expect(isSame({ a: 1 }, { a: 1, b: 1 })).toBe(false);
  });
});
