import { describe, expect, test } from 'vitest';
import { TagSets } from '../../../hub/ingest/tag-sets.ts';

describe('Tag sets as they enter', () => {
  test('keys come in order, and a set that is in order stays itself', () => {
    const sets = new TagSets();
    expect(Object.keys(sets.judge({ b: '2', a: '1' }).tags ?? {})).toEqual(['a', 'b']);
    const inOrder = { a: '1', b: '2' };
    expect(sets.judge(inOrder).tags).toBe(inOrder);
  });

  test('no tags and an empty set are the same', () => {
    const sets = new TagSets();
    expect([sets.judge(undefined).tags, sets.judge({}).tags]).toEqual([undefined, undefined]);
  });

  test('what is wrong with one is not said of the next', () => {
    const sets = new TagSets();
    const [wrong, right] = [{ a: '' }, { a: '1' }];
    const problems = [wrong, wrong, right, wrong].map((tags) => sets.judge(tags).problem?.code);
    expect(problems).toEqual(['invalid-tag', 'invalid-tag', undefined, 'invalid-tag']);
  });
});
