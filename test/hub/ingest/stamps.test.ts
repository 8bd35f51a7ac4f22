import { describe, expect, test } from 'vitest';
import { Stamps } from '../../../hub/ingest/stamps.ts';

const second = 1_000_000;

describe('The times that the hub gives', () => {
  test('are the times of arrival', () => {
    const stamps = new Stamps();
    expect([stamps.next(1, 100), stamps.next(1, 200)]).toEqual([100, 200]);
  });

  test('differ by a microsecond where arrivals of one series collide', () => {
    const stamps = new Stamps();
    expect([stamps.next(1, 100), stamps.next(1, 100), stamps.next(1, 101)]).toEqual([100, 101, 102]);
    expect(stamps.next(2, 100)).toBe(100);
  });

  test('do not go back with a small step of the clock', () => {
    const stamps = new Stamps();
    stamps.next(1, 10 * second);
    expect(stamps.next(1, 10 * second - second / 2)).toBe(10 * second + 1);
  });

  test('follow the clock when it jumps back by more than a second', () => {
    const stamps = new Stamps();
    stamps.next(1, 100 * second);
    expect(stamps.next(1, 50 * second)).toBe(50 * second);
    expect(stamps.next(1, 50 * second)).toBe(50 * second + 1);
  });
});
