/** Which series share a chart: one chart per unit, more where they are many; on/off series in one of their own. Pure. */
import type { DeviceInfo, MetricInfo } from '#contract/device.ts';
import type { Tags } from '#contract/reading.ts';
import { plainText } from '../format/text.ts';

export interface DrawnSeries {
  /** The name under which the session finds it. */
  readonly name: string;
  readonly info: MetricInfo;
  readonly tags?: Tags | undefined;
  readonly label: string;
}

export interface ChartGroup {
  readonly key: string;
  readonly isBoolean: boolean;
  readonly unit: string | undefined;
  readonly series: readonly DrawnSeries[];
}

/** More lines than this in one chart tell nothing apart. */
const seriesPerChart = 8;

/**
 * @param isBoolean whether the newest value of a series is on or off
 */
export function groupSeries(
  device: DeviceInfo,
  all: readonly { readonly name: string; readonly metric: string; readonly tags?: Tags | undefined }[],
  isBoolean: (metric: string, tags: Tags | undefined) => boolean,
): readonly ChartGroup[] {
  const groups = new Map<string, DrawnSeries[]>();
  const counts = new Map<string, number>();
  const order = new Map(device.metrics.map(({ metric }, index) => [metric, index]));
  const rank = (metric: string): number => order.get(metric) ?? order.size;
  for (const { name, metric, tags } of all.toSorted((a, b) => rank(a.metric) - rank(b.metric))) {
    const info = infoOf(device, metric);
    const onOff = isBoolean(metric, tags);
    const kind = onOff ? `on/off ${metric}` : `unit ${sharedUnit(info) ?? `none ${metric}`}`;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    const key = `${kind} ${Math.floor(count / seriesPerChart)}`;
    const series = groups.get(key) ?? [];
    series.push({ name, info, tags, label: labelOf(info, tags) });
    groups.set(key, series);
  }
  return [...groups].map(([key, series]) => ({
    key,
    isBoolean: key.startsWith('on/off'),
    unit: series[0]?.info.unit,
    series,
  }));
}

/** What is measured in it can be compared: a latitude and a course are both degrees, and have no scale in common. */
function sharedUnit({ unit }: MetricInfo): string | undefined {
  return unit === 'deg' ? undefined : unit;
}

export function infoOf(device: DeviceInfo, metric: string): MetricInfo {
  return device.metrics.find((info) => info.metric === metric) ?? { metric };
}

export function labelOf(info: MetricInfo, tags: Tags | undefined): string {
  const name = plainText(info.title ?? info.metric, 60);
  const values = Object.values(tags ?? {});
  return values.length === 0 ? name : `${name} ${plainText(values.join(' '), 60)}`;
}
