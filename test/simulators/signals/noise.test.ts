import { describe, expect, test } from 'vitest';
import { chance, seededRandom, seedOf, valueNoise } from '../../../simulators/signals/noise.ts';

describe('repeatable chance', () => {
  test('the same seed and index give the same number, whoever asks and whenever', () => {
    expect(chance(7, 12)).toBe(chance(7, 12));
    expect(chance(7, 12)).not.toBe(chance(8, 12));
    expect(chance(7, 12)).not.toBe(chance(7, 13));
  });

  test('indexes beyond 32 bits do not repeat the small ones', () => {
    expect(chance(7, 5 + 2 ** 32)).not.toBe(chance(7, 5));
  });

  test('numbers fill [0, 1) evenly: each tenth holds about a tenth', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 10_000; index += 1) {
      const tenth = Math.floor(chance(1, index) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(count).toSatisfy((n: number) => n > 850 && n < 1150);
  });

  test('seeds of different words differ, also when the words only split differently', () => {
    expect(seedOf('a', 'bc')).not.toBe(seedOf('ab', 'c'));
    expect(seedOf(1, 'greenhouse', 'bed-1')).toBe(seedOf(1, 'greenhouse', 'bed-1'));
  });

  test('a seeded sequence is the same sequence again', () => {
    const [first, second] = [seededRandom(3), seededRandom(3)];
    expect([first(), first(), first()]).toEqual([second(), second(), second()]);
  });

  test('value noise stays within [-1, 1] and makes no jumps', () => {
    let last = valueNoise(5, 0);
    for (let x = 0; x < 50; x += 0.01) {
      const value = valueNoise(5, x);
      expect(Math.abs(value)).toBeLessThanOrEqual(1);
      expect(Math.abs(value - last)).toBeLessThan(0.04);
      last = value;
    }
  });
});
