import { expect, test } from 'vitest';
import { Backoff } from '../../../bridges/influxdb/backoff.ts';

test('waits from nothing up to a bound that doubles, and stays at half a minute', () => {
  const most = new Backoff(() => 1);
  expect(Array.from({ length: 9 }, () => most.next())).toEqual([
    500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
  ]);
  expect(new Backoff(() => 0).next()).toBe(0);
});

test('never comes before the other side wants it', () => {
  expect(new Backoff(() => 0.5).next(2000)).toBe(2250);
});

test('begins anew after a success', () => {
  const backoff = new Backoff(() => 1);
  backoff.next();
  backoff.next();
  backoff.reset();
  expect(backoff.next()).toBe(500);
});
