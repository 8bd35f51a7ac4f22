import { Histogram, Registry, type Metric } from 'prom-client';
import { expect, test } from 'vitest';
import { TimingHistogram } from '../../hub/timing-histogram.ts';

const bounds = [0.001, 0.01, 1];

test('its page is the one that the histogram of prom-client makes of the same observations', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const histogram = new TimingHistogram('wait_seconds', 'How long.', bounds);
  ours.registerMetric(histogram as unknown as Metric);
  const peer = new Histogram({
    name: 'wait_seconds',
    help: 'How long.',
    buckets: bounds,
    registers: [theirs],
  });
  // On a bound, between, above all of them.
  for (const seconds of [0, 0.001, 0.0011, 0.01, 0.5, 1, 30]) {
    histogram.observe(seconds);
    peer.observe(seconds);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
});

test('nothing observed is all zeros, not an empty page', () => {
  const values = new TimingHistogram('wait_seconds', 'How long.', bounds).get().values;
  expect(values.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 0]);
});
