/**
 * What a series is called in InfluxDB. Lines that came in as line protocol keep their measurement, tags and field; of
 * everything else measurement = group, tags = device and the series' tags, field = metric. Pure.
 */
import { toGroupId, toId } from '#contract/names.ts';
import type { LineName, Series } from '#contract/reading.ts';

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
