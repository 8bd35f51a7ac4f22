import { expect, test } from 'vitest';
import {
  isEndOfKey,
  isEndOfMeasurement,
  isEndOfValue,
  isEndOfWord,
  isEscapedInName,
  isEscapedInText,
  unescape,
} from '#contract/formats/line-characters.ts';

const those = (is: (code: number) => boolean): string =>
  Array.from({ length: 128 }, (_, code) => code)
    .filter(is)
    .map((code) => String.fromCharCode(code))
    .join('');

test('each part of a line has its ends', () => {
  expect(those(isEndOfMeasurement)).toBe(' ,');
  expect(those(isEndOfKey)).toBe(' ,=');
  expect(those(isEndOfValue)).toBe(' ,');
  expect(those(isEndOfWord)).toBe('\t ');
});

test('a backslash is taken off what needs one, and is itself before all else', () => {
  expect(unescape(String.raw`a\,b\=c\ d\e\\,f\"`, isEscapedInName)).toBe(String.raw`a,b=c d\e\,f\"`);
  expect(unescape(String.raw`say \"hi\" \\ \n`, isEscapedInText)).toBe(String.raw`say "hi" \ \n`);
});
