/** The reported half of a device's twin: how a report changes what is known. Pure. */
import { RequestError } from '#contract/errors.ts';
import type { Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';

export type ReportedState = Readonly<Record<string, Json>>;

const reportedBytes = 16 * 1024;

/**
 * Each key of `report` replaces the one that is known; `null` removes it.
 * @throws {RequestError} the state would be larger than 16 KiB or nested too deeply
 */
export function mergeReported(known: ReportedState, report: ReportedState): ReportedState {
  if (depthOver(report, limits.jsonDepth))
    throw new RequestError(422, 'reported-too-deep', `A report nests at most ${limits.jsonDepth} levels.`);
  const kept = Object.entries(known).filter(([key]) => !Object.hasOwn(report, key));
  const added = Object.entries(report).filter(([, value]) => value !== null);
  const merged: ReportedState = Object.fromEntries([...kept, ...added]);
  if (Buffer.byteLength(JSON.stringify(merged)) > reportedBytes)
    throw new RequestError(
      413,
      'reported-too-large',
      `The reported state of a device is at most ${reportedBytes} bytes.`,
    );
  return merged;
}

function depthOver(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => depthOver(inner, levels - 1));
}
