/**
 * What a series is called in InfluxDB. Lines that came in as line protocol keep their measurement, tags and field; of
 * everything else measurement = group, tags = device and the series' tags, field = metric. Pure.
 */
import { toGroupId, toId } from '#contract/names.ts';
import type { LineName, Series, Tags } from '#contract/reading.ts';

/** Its tag `device` is the device's; a series' own tag of that name steps aside. */
export function nameOf({ group, device, metric, tags = {} }: Series): LineName {
  const { device: own, ...others } = tags;
  return {
    measurement: group,
    tags: { ...others, ...(own !== undefined && { tag_device: own }), device },
    field: metric,
  };
}

/** What writers without a device tag are called: it tells nobody apart. */
const defaultDevice = 'default';

/**
 * A line's own name. What told two writers apart in the hub and is not in their lines goes along as a tag of its own, so
 * that neither overwrites the other: the group unless it is the bucket, the device unless a tag names it.
 */
export function ownNameOf({ group, device }: Series, line: LineName, bucket: string): LineName {
  const isNamed =
    device === defaultDevice || Object.values(line.tags).some((value) => toId(value) === device);
  return {
    ...line,
    tags: {
      ...line.tags,
      ...(group !== toGroupId(bucket) && { hub_group: group }),
      ...(!isNamed && { hub_device: device }),
    },
  };
}

/** How lines become series of the hub, as its doors for line protocol do it. */
export interface LineNaming {
  readonly bucket: string;
  /** The first of these tags that a line has names its device. */
  readonly deviceTags: readonly string[];
}

/** The way back from {@link nameOf}. */
export function seriesOfOurs(group: string, tags: Tags, metric: string): Series {
  const { device = '', tag_device: own, ...others } = tags;
  return named({ group, device, metric }, { ...others, ...(own !== undefined && { device: own }) });
}

/** The way back from {@link ownNameOf}, and the name of a line that never came through the hub. */
export function seriesOfLine(
  { measurement, tags, field }: LineName,
  { bucket, deviceTags }: LineNaming,
): Series {
  const { hub_group: group = toGroupId(bucket), hub_device: told, ...own } = tags;
  const key = told === undefined ? deviceTags.find((name) => own[name] !== undefined) : undefined;
  const device = told ?? (key === undefined ? defaultDevice : toId(own[key] ?? ''));
  const others = Object.entries(own).filter(([name]) => name !== key);
  const metric = toId(`${measurement}.${field}`);
  return named(
    { group, device, metric },
    Object.fromEntries(others.map(([name, value]) => [toId(name), value])),
  );
}

function named(series: Series, tags: Tags): Series {
  const keys = Object.keys(tags).toSorted();
  if (keys.length === 0) return series;
  return { ...series, tags: Object.fromEntries(keys.map((key) => [key, tags[key] ?? ''])) };
}
