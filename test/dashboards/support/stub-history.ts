/** History of the stub hub: buckets of what its devices measured, with a spread for the band. */
import type { Value } from '#contract/reading.ts';
import type { BucketPoint, HistoryQuery, HistorySeries } from '#contract/view.ts';
import type { StubDevice } from './stub-fleet.ts';

export type ValueOf = (device: StubDevice, metric: string, timeMs: number) => Value | undefined;

const pointsDefault = 600;

/** @param how.shortestMs no bucket is narrower */
export function historyOf(
  devices: readonly StubDevice[],
  query: HistoryQuery,
  how: { readonly shortestMs: number; readonly valueOf: ValueOf },
): HistorySeries[] {
  const end = Math.min(query.end ?? Date.now(), Date.now());
  const width = Math.max(how.shortestMs, (end - query.start) / (query.maxPoints ?? pointsDefault));
  const times: number[] = [];
  for (let timeMs = query.start; timeMs < end; timeMs += width) times.push(timeMs);
  return devices
    .filter(({ info }) => query.devices.includes(info.device))
    .flatMap((device) =>
      device.info.metrics
        .filter(({ metric }) => query.metrics?.includes(metric) ?? true)
        .map(({ metric }) => ({
          device: device.info.device,
          metric,
          buckets: times.flatMap((timeMs) => bucketOf(timeMs, how.valueOf(device, metric, timeMs))),
        })),
    );
}

function bucketOf(timeMs: number, value: Value | undefined): BucketPoint[] {
  if (value === undefined) return [];
  if (typeof value !== 'number') return [[timeMs, null, null, null, 1, value]];
  const spread = Math.abs(value) * 0.012 * Math.abs(Math.sin(timeMs / 97_000));
  return [[timeMs, value - spread, value + spread, value, 10, value]];
}
