import { describe, expect, test } from 'vitest';
import { inMs, Latencies, Tally } from '../../simulators/tally.ts';

describe('latencies', () => {
  test('quantiles are within 2 % of the true ones', () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 1000; ms += 1) latencies.add(ms);
    expect(latencies.quantile(0.5)).toBeGreaterThan(490);
    expect(latencies.quantile(0.5)).toBeLessThan(510);
    expect(latencies.quantile(0.99)).toBeGreaterThan(970);
    expect(latencies.quantile(0.99)).toBeLessThan(1010);
  });

  test('nothing measured is said as such, not as zero', () => {
    expect(new Latencies().quantile(0.5)).toBeUndefined();
    expect(inMs(undefined)).toBe('not measured');
  });
});

test('the summary holds the sums and each reason', () => {
  const tally = new Tally();
  for (let n = 0; n < 4; n += 1) tally.count('sent');
  tally.count('acknowledged');
  tally.count('refused', 'no-such-group');
  tally.count('reconnects');
  tally.injected('drop');
  tally.latencies.add(5);
  const summary = tally.summary(1000);
  expect(summary).toContain('sent 4, acknowledged 1 (1.0/s), refused 1');
  expect(summary).toContain('reconnects 1');
  expect(summary).toContain('refused (no-such-group): 1');
  expect(summary).toContain('injected (drop): 1');
  expect(summary).toMatch(/ack latency p50 \d\.\d\d ms, p99 \d\.\d\d ms/);
});
