/** What people say of a device, and how it lies on top of what the device tells of itself. Pure. */
import type { DeviceInfo, DeviceRecord, DeviceSettings, MetricInfo } from '#contract/device.ts';
import type { DevicePatch, MetricPatch } from '#contract/device-patch.ts';
import { RequestError } from '#contract/errors.ts';
import { isId } from '#contract/names.ts';

type Nullable<T> = { readonly [K in keyof T]?: T[K] | null | undefined };
type Labels = NonNullable<DeviceSettings['labels']>;
type MetricSettings = NonNullable<DeviceSettings['metrics']>;
type Shown = Pick<DeviceInfo, 'title' | 'model' | 'location' | 'labels' | 'metrics'>;

const labelsPerDevice = 64;

/**
 * RFC 7396, on one level of each part: absent stays, `null` removes.
 * @returns undefined when nothing is left @throws {RequestError} 422 `invalid-settings`
 */
export function patchSettings(
  known: DeviceSettings = {},
  { title, model, location, labels, metrics, expectedIntervalMs }: DevicePatch,
): DeviceSettings | undefined {
  const { labels: knownLabels, metrics: knownMetrics, location: knownLocation, ...texts } = known;
  return emptyToUndefined({
    ...patch(texts, { title, model, expectedIntervalMs }),
    location: location === null ? undefined : emptyToUndefined(patch(knownLocation ?? {}, location ?? {})),
    labels: emptyToUndefined(patchLabels(knownLabels ?? {}, labels ?? {})),
    metrics: emptyToUndefined(patchMetrics(knownMetrics ?? {}, metrics ?? {})),
  });
}

/** The device's own words where people have none. */
export function shownOf({ title, model, labels, metrics, settings }: DeviceRecord): Shown {
  if (settings === undefined) return { title, model, labels, metrics };
  return {
    title: settings.title ?? title,
    model: settings.model ?? model,
    location: settings.location,
    labels: settings.labels === undefined ? labels : patch(labels, settings.labels),
    metrics: settings.metrics === undefined ? metrics : onTop(metrics, settings.metrics),
  };
}

function onTop(told: readonly MetricInfo[], said: MetricSettings): readonly MetricInfo[] {
  const known = new Set(told.map(({ metric }) => metric));
  const added = Object.keys(said).filter((metric) => !known.has(metric));
  return [...told, ...added.map((metric) => ({ metric }))].map((info) => ({ ...info, ...said[info.metric] }));
}

/** `null` stays: it hides what the device tells. */
function patchLabels(known: Labels, change: Labels): Labels {
  const labels = { ...known, ...change };
  if (Object.keys(labels).length > labelsPerDevice)
    throw invalid(`a device has at most ${labelsPerDevice} labels`);
  return labels;
}

function patchMetrics(known: MetricSettings, change: NonNullable<DevicePatch['metrics']>): MetricSettings {
  const next: Record<string, Omit<MetricInfo, 'metric'>> = { ...known };
  for (const [metric, said] of Object.entries(change)) {
    if (!isId(metric)) throw invalid(`${JSON.stringify(metric)} is no metric id`);
    const merged = said === null ? {} : patch(known[metric] ?? {}, said satisfies MetricPatch);
    if (merged.min !== undefined && merged.max !== undefined && merged.min >= merged.max)
      throw invalid(`the min of ${metric} is not below its max`);
    if (Object.keys(merged).length === 0) delete next[metric];
    else next[metric] = merged;
  }
  return next;
}

function patch<T extends object>(known: T, change: Nullable<T>): T {
  const kept = Object.entries({ ...known, ...defined(change) }).filter(([, value]) => value !== null);
  return Object.fromEntries(kept) as T;
}

function defined(change: object): object {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function emptyToUndefined<T extends object>(value: T): T | undefined {
  const kept = defined(value);
  return Object.keys(kept).length === 0 ? undefined : (kept as T);
}

function invalid(why: string): RequestError {
  return new RequestError(422, 'invalid-settings', `The device cannot be described so: ${why}.`);
}
