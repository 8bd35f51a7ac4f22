import { expect, test } from 'vitest';
import { stallReport } from '../../../simulators/demo/stall-report.ts';
import { Latencies } from '../../../simulators/tally.ts';

function latenciesOf(...values: number[]): Latencies {
  const latencies = new Latencies();
  for (const value of values) latencies.add(value);
  return latencies;
}

const figures = {
  sent: 1000,
  seconds: 10,
  healthy: { readings: 990, gaps: 0, endReason: undefined, latencies: latenciesOf(20, 20, 20) },
  sleepers: [
    { readings: 100, gaps: 1, endReason: undefined },
    { readings: 300, gaps: 0, endReason: 'transport close' },
  ],
  before: { memoryRss: 100 * 1024 * 1024, counters: { 'dashboard/slow': 1, 'ingest/accepted': 5 } },
  after: { memoryRss: 110 * 1024 * 1024, counters: { 'dashboard/slow': 4, 'ingest/accepted': 99 } },
  load: { ackLatencies: latenciesOf(3) },
};

test('the table says what was sent, received, closed and counted, and nothing that was not measured', () => {
  const report = stallReport(figures);
  expect(report).toContain('1000 (100/s)');
  expect(report).toContain('990 of 1000');
  expect(report).toMatch(/age on arrival +p50 20 ms, p99 20 ms/);
  expect(report).toMatch(/still connected +1 of 2/);
  expect(report).toMatch(/closed +1 \(transport close\)/);
  expect(report).toContain('100 to 300 each');
  expect(report).toMatch(/told of a gap +1 of 2/);
  expect(report).toContain('100 MiB before, 110 MiB after');
  expect(report).toMatch(/hub counted dashboard\/slow +3/);
  expect(report).not.toContain('ingest/accepted');
});

test('a healthy dashboard that got nothing has no latency, instead of zero', () => {
  const silent = { ...figures.healthy, readings: 0, latencies: new Latencies() };
  expect(stallReport({ ...figures, healthy: silent })).toMatch(/age on arrival +p50 not measured/);
});
