import { describe, expect, test } from 'vitest';
import { compileRetention, longestDays } from '#contract/retention.ts';

const policy = {
  defaultDays: 400,
  rules: [
    { group: 'plant', metric: 'vibration.*', days: 7 },
    { metric: 'energy', days: null },
    { group: 'plant', days: 90 },
  ],
};

describe('How long history is kept', () => {
  const kept = compileRetention(policy);

  test('the first rule that fits decides, else the default', () => {
    expect(kept('plant', 'vibration.x')).toBe(7);
    expect(kept('plant', 'energy')).toBeNull();
    expect(kept('plant', 'power')).toBe(90);
    expect(kept('office', 'vibration.x')).toBe(400);
  });

  test('for events only rules without a metric count', () => {
    expect(kept('plant', undefined)).toBe(90);
    expect(kept('office', undefined)).toBe(400);
  });

  test('the longest of all is what readings may be old at most', () => {
    expect(longestDays(policy)).toBeNull();
    expect(longestDays({ defaultDays: 30, rules: [{ days: 60 }] })).toBe(60);
    expect(longestDays({ defaultDays: 30, rules: [] })).toBe(30);
  });
});
