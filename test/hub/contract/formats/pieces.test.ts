import { describe, expect, test } from 'vitest';
import { PieceCutter, type Piece } from '../../../../hub/contract/formats/pieces.ts';

function cut(isCsv: boolean, chunks: readonly string[]): readonly Piece[] {
  const cutter = new PieceCutter(isCsv);
  return [...chunks.map((chunk) => cutter.add(chunk)), cutter.end()].filter((piece) => piece !== undefined);
}

describe('A file in pieces', () => {
  test('whole lines, with how many came before; the last needs no end', () => {
    expect(cut(false, ['a 1\nb', ' 2\nc 3\nd', ' 4'])).toEqual([
      { text: 'a 1\n', rowsBefore: 0 },
      { text: 'b 2\nc 3\n', rowsBefore: 1 },
      { text: 'd 4', rowsBefore: 3 },
    ]);
  });

  test('of CSV each with the header, counted so that a row of a piece plus those before is the row of the file', () => {
    expect(cut(true, ['h\r\n1\r\n', '2\r\n3\r\n'])).toEqual([
      { text: 'h\r\n1\r\n', rowsBefore: 0 },
      { text: 'h\r\n2\r\n3\r\n', rowsBefore: 1 },
    ]);
  });

  test('a text in quotes that goes over several lines is not cut', () => {
    expect(cut(true, ['h\n1,"two\n', 'lines ""x"""\n2,y\n']).map(({ text }) => text)).toEqual([
      'h\n',
      'h\n1,"two\nlines ""x"""\n2,y\n',
    ]);
  });

  test('what never ends is no file of lines', () => {
    const cutter = new PieceCutter(false);
    expect(() => cutter.add('x'.repeat(9 * 1024 * 1024))).toThrow(
      expect.objectContaining({ name: 'FormatError', code: 'endless-line' }),
    );
  });
});
