import { describe, expect, test } from 'vitest';
import { RateLimit } from '../../../hub/commands/rate-limit.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function setup(perSecond: number) {
  const clock = new ManualClock();
  return { clock, rate: new RateLimit({ clock, perSecond }) };
}

describe('The rate of one principal', () => {
  test('a burst of one second, then one by one as time passes', () => {
    const { clock, rate } = setup(2);
    expect([rate.take('a'), rate.take('a'), rate.take('a')]).toEqual([0, 0, 500]);
    clock.advance(499);
    expect(rate.take('a')).toBeGreaterThan(0);
    clock.advance(1);
    expect(rate.take('a')).toBe(0);
  });

  test('a long rest saves no more than one burst', () => {
    const { clock, rate } = setup(2);
    rate.take('a');
    clock.advance(60_000);
    expect([rate.take('a'), rate.take('a'), rate.take('a')]).toEqual([0, 0, 500]);
  });

  test('others are not held back', () => {
    const { rate } = setup(1);
    rate.take('a');
    expect(rate.take('a')).toBe(1000);
    expect(rate.take('b')).toBe(0);
  });

  test('forgetting who rested lets nobody through who did not', () => {
    const { rate } = setup(1);
    rate.take('busy');
    for (let index = 0; index < 1500; index += 1) rate.take(`p${index}`);
    expect(rate.take('busy')).toBe(1000);
  });
});
