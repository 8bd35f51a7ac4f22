/** What people say of a device, as it is typed. Pure. */
import type { DeviceInfo } from '#contract/device.ts';
import type { DevicePatch, LocationPatch } from '#contract/device-patch.ts';

/** Empty places remove. */
export interface DeviceDraft {
  readonly title: string;
  /** A `key=value` a line. */
  readonly labels: string;
  readonly place: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly altitude: string;
}

const numbers = ['latitude', 'longitude', 'altitude'] as const;

export function deviceDraftOf({
  title,
  labels,
  location = {},
}: Pick<DeviceInfo, 'title' | 'labels' | 'location'>): DeviceDraft {
  return {
    title,
    labels: Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
    place: location.name ?? '',
    latitude: String(location.latitude ?? ''),
    longitude: String(location.longitude ?? ''),
    altitude: String(location.altitude ?? ''),
  };
}

/** @returns only what changed; undefined while something is no number or no label */
export function devicePatchOf(before: DeviceDraft, after: DeviceDraft): DevicePatch | undefined {
  const labels = labelsPatch(before.labels, after.labels);
  const location = locationPatch(before, after);
  if (labels === undefined || location === undefined) return undefined;
  return {
    ...(before.title === after.title ? {} : { title: textOrNull(after.title) }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(location).length === 0 ? {} : { location }),
  };
}

function locationPatch(before: DeviceDraft, after: DeviceDraft): LocationPatch | undefined {
  const patch: LocationPatch = before.place === after.place ? {} : { name: textOrNull(after.place) };
  for (const name of numbers) {
    if (before[name] === after[name]) continue;
    const text = after[name].trim();
    const value = text === '' ? null : Number(text);
    if (Number.isNaN(value)) return undefined;
    patch[name] = value;
  }
  return patch;
}

function labelsPatch(before: string, after: string): Record<string, string | null> | undefined {
  const old = labelsIn(before) ?? new Map<string, string>();
  const wanted = labelsIn(after);
  if (wanted === undefined) return before === after ? {} : undefined;
  const changed = [...wanted].filter(([key, value]) => old.get(key) !== value);
  const gone = [...old.keys()].filter((key) => !wanted.has(key)).map((key) => [key, null] as const);
  return Object.fromEntries([...changed, ...gone]);
}

function labelsIn(text: string): ReadonlyMap<string, string> | undefined {
  const labels = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const at = line.indexOf('=');
    if (at < 1) return undefined;
    labels.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return labels;
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
