import { describe, expect, test } from 'vitest';
import { notRead, notTaken } from '../../../../hub/contract/formats/items.ts';
import { decodeNdjson } from '../../../../hub/contract/formats/ndjson.ts';
import { decodeTelemetry } from '../../../../hub/contract/formats/telemetry.ts';
import type { Decoded } from '../../../../hub/contract/formats/decoded.ts';

const reason = { code: 'too-old', message: 'Too old.' };

/** Which item each reading is of, were it refused. */
const itemsOf = (decoded: Decoded): readonly string[] =>
  decoded.readings.map(({ metric }, place) => {
    const refused = notTaken(decoded.itemEnds, { place, metric }, reason);
    return `${refused.index} ${refused.metric}`;
  });
const unread = (decoded: Decoded): readonly number[] =>
  decoded.problems.map((problem) => notRead(decoded.itemEnds, problem).index);

describe('What was refused of a payload has the index of its item, as it was sent', () => {
  test('of an array in which items before it are no readings, or several', () => {
    const decoded = decodeTelemetry([5, { a: 1, b: 2 }, {}, { ts: 'soon', values: { c: 1 } }, { d: 1 }, 'x']);
    expect(itemsOf(decoded)).toEqual(['1 a', '1 b', '4 d']);
    expect(unread(decoded)).toEqual([0, 2, 3, 5]);
  });

  test('of a SenML pack, with its records that only set bases', () => {
    const decoded = decodeTelemetry([
      { bn: 'pump', bt: 1e9 },
      { n: 'a', v: 1, s: 2 },
      { n: 'b' },
      { n: 'c', v: 1 },
    ]);
    expect(itemsOf(decoded)).toEqual(['1 a', '1 a.sum', '3 c']);
    expect(unread(decoded)).toEqual([2]);
  });

  test('of lines, blank ones counted', () => {
    const decoded = decodeNdjson('{"a":1}\n\nno\n[{"b":1},{"c":2}]\n{"d":1}');
    expect(itemsOf(decoded)).toEqual(['0 a', '3 b', '3 c', '4 d']);
    expect(unread(decoded)).toEqual([2]);
  });

  test('of one object is 0, whatever its keys are', () => {
    const decoded = decodeTelemetry({ 7: 1, 8: 2 });
    expect(itemsOf(decoded)).toEqual(['0 7', '0 8'].map((text) => text));
    expect(notRead(decoded.itemEnds, { path: '/8', ...reason })).toEqual({ index: 0, path: '/8', ...reason });
  });
});
