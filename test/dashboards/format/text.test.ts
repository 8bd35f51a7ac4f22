import { describe, expect, test } from 'vitest';
import { jsonText, plainText } from '../../../dashboards/format/text.ts';

describe('Text of unknown origin', () => {
  test('keeps what people write: scripts, emoji, accents', () => {
    for (const text of ['设备 名称', 'Küche', '👩‍🌾', 'می‌خواهم', 'e\u0301'])
      expect(plainText(text)).toBe(text);
  });

  test('loses marks that reverse or hide, and everything that breaks a line', () => {
    expect(plainText('a\u202Egnp.exe')).toBe('a gnp.exe');
    expect(plainText('a\u2066b\u2069c\u200Bd\u0000e\r\nf\u2028g')).toBe('a b c d e f g');
  });

  test('keeps at most two combining marks on a character', () => {
    expect(plainText(`Z${'\u0335'.repeat(50)}a`)).toBe('Z\u0335\u0335a');
  });

  test('cuts by whole characters, and says so', () => {
    expect(plainText('x'.repeat(10_000), 5)).toBe('xxxx…');
    expect(plainText('😀'.repeat(10), 3)).toBe('😀😀…');
    expect(plainText('abc', 3)).toBe('abc');
  });
});

test('JSON is shown in one line, and null as nothing', () => {
  expect([jsonText({ a: [1, 'x'] }), jsonText(null), jsonText(true)]).toEqual(['{"a":[1,"x"]}', '', 'true']);
});
