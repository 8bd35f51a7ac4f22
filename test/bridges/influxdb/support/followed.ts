/** Readings as the journal gives them to a follower. */
import type { FollowedReading, FollowedSeries } from '#ports';

export function series(fields: Partial<FollowedSeries> = {}): FollowedSeries {
  return { group: 'home', device: 'd', metric: 'n', line: undefined, ...fields };
}

export function followed(
  of: FollowedSeries,
  value: FollowedReading['value'],
  fields: Partial<FollowedReading> = {},
): FollowedReading {
  const timeUs = 1_780_000_000_000_001;
  const common = { series: of, timeUs, value, quality: 'good', form: undefined } as const;
  return { ...common, isLine: of.line !== undefined, ...fields };
}
