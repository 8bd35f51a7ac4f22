/** Where in an export a line is: which series, which time. Only for telling how far it has come. Pure. */
export interface Place {
  readonly device: string;
  readonly metric: string;
  /** Epoch ms. */
  readonly timeMs: number;
}

/** `device,metric,tags,time,…`; ids hold no comma, tags may, in quotes. */
const csvLine = /^"?([^",]+)"?,"?([^",]+)"?,(?:"(?:[^"]|"")*"|[^",]*),([^,]+),/;

/** @returns undefined for what is no line of readings */
export function placeOf(line: string, format: 'csv' | 'line-protocol'): Place | undefined {
  if (format === 'csv') return placeIn(csvLine.exec(line)?.slice(1), (time) => Date.parse(time));
  const [, device] = /,device=([^, ]+)/.exec(line) ?? [];
  const [, metric] = /(?<!\\) ([^= ]+)=/.exec(line) ?? [];
  const [, time] = / (\d+)$/.exec(line) ?? [];
  return placeIn([device, metric, time], (text) => Number(text) / 1000);
}

function placeIn(
  parts: readonly (string | undefined)[] = [],
  toMs: (time: string) => number,
): Place | undefined {
  const [device, metric, time] = parts;
  if (device === undefined || metric === undefined || time === undefined) return undefined;
  const timeMs = toMs(time);
  return Number.isFinite(timeMs) ? { device, metric, timeMs } : undefined;
}
