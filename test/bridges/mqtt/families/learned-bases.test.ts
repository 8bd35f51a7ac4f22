import { expect, test } from 'vitest';
import { inGroup, LearnedBases } from '../../../../bridges/mqtt/families/learned-bases.ts';

test("the default base is always known, and its devices are in the family's own group", () => {
  const bases = new LearnedBases();
  expect(bases.split('acme', 'acme', ['acme', 'a', 'b'])).toEqual({ base: 'acme', rest: ['a', 'b'] });
  expect(bases.split('acme', 'acme', ['other', 'a'])).toBeUndefined();
});

test('a base that was learnt has several levels perhaps, and a group of its own', () => {
  const bases = new LearnedBases();
  bases.tell('acme', 'attic');
  bases.tell('acme', 'home/cellar');
  expect(bases.split('acme', 'acme', ['attic', 'a'])).toEqual({ base: 'attic', group: 'attic', rest: ['a'] });
  expect(bases.split('acme', 'acme', ['home', 'cellar', 'a'])).toMatchObject({
    base: 'home/cellar',
    rest: ['a'],
  });
  expect(bases.split('other', 'other', ['attic', 'a'])).toBeUndefined();
  expect(bases.split('acme', 'acme', ['attic'])).toBeUndefined();
});

test('what was said below it is about devices of that group', () => {
  const outcome = { reports: [{ device: 'lamp' }], aside: 'x' };
  expect(inGroup(outcome, 'attic')).toEqual({ reports: [{ device: 'lamp', group: 'attic' }], aside: 'x' });
  expect(inGroup(outcome, undefined)).toBe(outcome);
});
