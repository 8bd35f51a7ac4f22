import { describe, expect, test } from 'vitest';
import { JsonPath } from '../../../../bridges/mqtt/rules/json-path.ts';

const document = JSON.parse(
  '{"a":{"b":[10,20,{"c":30}]},"x y":1,"it\'s":2,"ö":3,"list":[{"t":1},{"t":2},{}],"__proto__":{"p":9},"n":null}',
) as unknown;

describe('RFC 9535, §2.3: names, indexes, wildcards', () => {
  for (const [path, values] of [
    ['$', [document]],
    ['$.a.b[0]', [10]],
    ['$.a.b[-1].c', [30]],
    ["$['x y']", [1]],
    ['$["a"]["b"][1]', [20]],
    ["$['it\\'s']", [2]],
    ['$.ö', [3]],
    ['$.n', [null]],
    ['$.list[*].t', [1, 2]],
    ['$.a.b[9]', []],
    ['$.a.b.c', []],
    ['$.missing', []],
    ['$.a[0]', []],
    ['$.__proto__.p', [9]],
    ['$.constructor', []],
    ['$.a.b.length', []],
  ] as const)
    test(path, () => {
      expect(new JsonPath(path).find(document).map(({ value }) => value)).toEqual(values);
    });

  test('what a wildcard chose is told, in order', () => {
    const found = new JsonPath('$.*.*').find({ a: { x: 1 }, b: { y: 2 } });
    expect(found.map(({ chosen }) => chosen.join('.'))).toEqual(['a.x', 'b.y']);
  });

  test('wildcards that multiply end', () => {
    const wide = Array.from({ length: 200 }, () => Array.from({ length: 200 }, () => [1]));
    expect(new JsonPath('$[*][*][*]').find(wide)).toHaveLength(1000);
  });

  for (const path of ['', 'a.b', '$a', '$.', '$..a', '$[?(@.x)]', '$[1:2]', "$['x'", '$[01]', '$.a b'])
    test(`${JSON.stringify(path)} is refused`, () => {
      expect(() => new JsonPath(path)).toThrow(expect.objectContaining({ code: 'invalid-path' }));
    });
});
