import { array, assert, nat, property, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCommandId, isGroupId, isId, toGroupId, toId } from '#contract/names.ts';

describe('ids', () => {
  for (const id of ['a', '0', 'Pump-7', 'switch:0', 'cpu.usage_idle', 'x'.repeat(128)])
    test(`${id.slice(0, 20)} is a device or metric id`, () => expect(isId(id)).toBe(true));

  const wrong = [
    '',
    '.a',
    '-a',
    '_a',
    'a b',
    'a/b',
    'a#',
    'a+',
    'a,b',
    'a=b',
    'é',
    'a\n',
    '\u202Ea',
    'x'.repeat(129),
  ];
  for (const id of [...wrong, '__proto__', 'prototype', 'constructor', 'time', '_field', '_measurement'])
    test(`${JSON.stringify(id.slice(0, 20))} is not`, () => expect(isId(id)).toBe(false));

  test('a group is a slug, and `admin` is no group', () => {
    expect(['plant-1', '0', 'a_b', 'x'.repeat(63)].every(isGroupId)).toBe(true);
    expect(['Plant', 'a.b', '', '-a', 'x'.repeat(64), 'admin'].some(isGroupId)).toBe(false);
  });

  test('a command id is short and holds no separator', () => {
    expect(isCommandId('aZ_-9')).toBe(true);
    expect(['', 'a.b', 'a/b', 'x'.repeat(65)].some(isCommandId)).toBe(false);
  });
});

describe('making ids of any text', () => {
  test('what is an id already stays as it is', () => {
    assert(
      property(stringMatching(/^[A-Za-z0-9][\w.:-]{0,30}$/).filter(isId), (text) => toId(text) === text),
    );
    expect(toGroupId('plant-1')).toBe('plant-1');
  });

  test('every text becomes an id, the same one each time', () => {
    assert(
      property(array(nat(0xffff), { maxLength: 160 }), (units) => {
        const text = String.fromCharCode(...units);
        expect(isId(toId(text))).toBe(true);
        expect(isGroupId(toGroupId(text))).toBe(true);
        expect(toId(text)).toBe(toId(text));
      }),
    );
  });

  test('texts that look alike after the change stay apart', () => {
    const made = ['Küche', 'K_che', 'K?che', 'a b', 'a/b', 'constructor', '__proto__'].map(toId);
    expect(new Set(made).size).toBe(made.length);
    expect(toGroupId('Plant 1')).not.toBe(toGroupId('plant 1'));
  });
});
