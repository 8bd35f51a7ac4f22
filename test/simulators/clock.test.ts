import { expect, test } from 'vitest';
import { machineClock, nowMs, sleep } from '../../simulators/clock.ts';
import { ManualClock } from '../support/manual-clock.ts';

test('epoch milliseconds are whole, also between two of them', () => {
  const clock = new ManualClock(1000.7);
  expect(nowMs(clock)).toBe(1000);
});

test('sleeping ends when the time has come', async () => {
  const clock = new ManualClock();
  let awake = false;
  const sleeping = sleep(clock, 100).then(() => (awake = true));
  clock.advance(99);
  await Promise.resolve();
  expect(awake).toBe(false);
  clock.advance(1);
  await sleeping;
});

test('the machine’s timer is called once, and not at all when it was cancelled', async () => {
  let cancelled = false;
  machineClock.after(1, () => (cancelled = true))();
  await new Promise<void>((resolve) => void machineClock.after(5, resolve));
  expect(cancelled).toBe(false);
});
