import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSelection } from '#contract/patterns.ts';

describe('Patterns of a view', () => {
  test('without patterns everything is selected', () => {
    const selection = compileSelection(undefined);
    expect(selection.matches('anything')).toBe(true);
    expect(selection.ids).toBeUndefined();
  });

  test('an empty list selects nothing', () => {
    expect(compileSelection([]).matches('lamp')).toBe(false);
  });

  test('plain ids can be looked up', () => {
    const selection = compileSelection(['lamp', 'meter']);
    expect(selection.ids).toEqual(new Set(['lamp', 'meter']));
    expect(selection.matches('lamp')).toBe(true);
    expect(selection.matches('lamps')).toBe(false);
    const one = compileSelection(['lamp']);
    expect(one.ids).toEqual(['lamp']);
    expect([one.matches('lamp'), one.matches('lamps')]).toEqual([true, false]);
  });

  const cases: readonly (readonly [string, string, boolean])[] = [
    ['temp*', 'temperature', true],
    ['temp*', 'humidity', false],
    ['*.power', 'phase.a.power', true],
    ['*.power', 'phase.a.powers', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acb', false],
    ['a*a', 'a', false],
    ['a*b*ab', 'a-ab', false],
    ['a**b', 'ab', true],
    ['.*', 'abc', false],
  ];
  for (const [pattern, id, expected] of cases)
    test(`${pattern} ${expected ? 'selects' : 'does not select'} ${id}`, () => {
      expect(compileSelection([pattern]).matches(id)).toBe(expected);
    });

  test('agrees with what a regular expression says, for any pattern', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const word = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(text, word, (pattern, id) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(id);
        expect(compileSelection([pattern]).matches(id)).toBe(expected);
      }),
    );
  });

  test('a pattern made to be slow is not', () => {
    const selection = compileSelection([`${'a*'.repeat(64)}b`]);
    const startedAt = performance.now();
    for (let round = 0; round < 1000; round += 1) selection.matches('a'.repeat(128));
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
