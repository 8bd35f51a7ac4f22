import { describe, expect, test } from 'vitest';
import { readCursor, toPage } from '../../../hub/http/paging.ts';

const placeOf = (item: number): readonly (string | number)[] => [`n${item}`, item];

describe('A page', () => {
  test('has a cursor to the next one if there is more, and it says where the last item stood', () => {
    const page = toPage([1, 2, 3], 2, placeOf);
    expect(page.items).toEqual([1, 2]);
    expect(readCursor(page.next, 'string', 'number')).toEqual(['n2', 2]);
  });

  test('the last one has none, nor has an empty one', () => {
    expect(toPage([1, 2], 2, placeOf)).toEqual({ items: [1, 2] });
    expect(toPage([], 2, placeOf)).toEqual({ items: [] });
  });

  const foreign = [
    'x',
    '!!',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ];
  for (const cursor of foreign)
    test(`${cursor} is none of ours`, () => {
      expect(() => readCursor(cursor, 'string')).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
    });
});
