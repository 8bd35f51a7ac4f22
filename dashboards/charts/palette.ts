/**
 * Which of the eight series colours a metric has: the same everywhere. The colours themselves are tokens
 * (`--series-0` … `--series-7`), chosen so that colour-blind people can tell them apart. Pure.
 */
const byClass: Readonly<Record<string, number>> = {
  temperature: 0,
  humidity: 1,
  moisture: 1,
  power: 2,
  energy: 2,
  current: 3,
  voltage: 4,
  battery: 4,
  carbon_dioxide: 5,
  pressure: 5,
  illuminance: 6,
  signal_strength: 7,
};
export const paletteSize = 8;

export function colourIndex(metric: string, metricClass: string | undefined): number {
  const known = byClass[metricClass ?? metric];
  if (known !== undefined) return known;
  let hash = 7;
  for (let index = 0; index < metric.length; index += 1) hash = (hash * 31 + metric.charCodeAt(index)) >>> 0;
  return hash % paletteSize;
}

/** Colours for the series of one chart: each its own, and no two alike as long as there are enough. */
export function distinctColours(
  series: readonly { readonly metric: string; readonly class?: string | undefined }[],
): number[] {
  const taken = new Set<number>();
  return series.map(({ metric, class: metricClass }) => {
    let index = colourIndex(metric, metricClass);
    for (let tries = 0; taken.has(index) && tries < paletteSize; tries += 1)
      index = (index + 1) % paletteSize;
    taken.add(index);
    return index;
  });
}
