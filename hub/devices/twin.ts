/**
 * A device's twin: the state that people desire, the state that the device reports, and what lies between them. Pure.
 * Both halves are changed key by key: a key replaces the one that is known, `null` removes it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { DesiredMessage, DeviceRecord, Twin } from '#contract/device.ts';
import { RequestError } from '#contract/errors.ts';
import type { Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';

export type TwinState = Readonly<Record<string, Json>>;

const stateBytes = 16 * 1024;
const empty: TwinState = Object.freeze({});

/**
 * @param half names the half in the error's code
 * @throws {RequestError} the state would be larger than 16 KiB or nested too deeply
 */
export function mergeState(
  known: TwinState,
  change: TwinState,
  half: 'reported' | 'desired' = 'reported',
): TwinState {
  if (depthOver(change, limits.jsonDepth))
    throw new RequestError(
      422,
      `${half}-too-deep`,
      `The ${half} state nests at most ${limits.jsonDepth} levels.`,
    );
  const kept = Object.entries(known).filter(([key]) => !Object.hasOwn(change, key));
  const added = Object.entries(change).filter(([, value]) => value !== null);
  const merged: TwinState = Object.fromEntries([...kept, ...added]);
  if (Buffer.byteLength(JSON.stringify(merged)) > stateBytes)
    throw new RequestError(
      413,
      `${half}-too-large`,
      `The ${half} state of a device is at most ${stateBytes} bytes.`,
    );
  return merged;
}

export function isSame(a: TwinState, b: TwinState): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

/** The desired keys that the device does not report so: what it has still to do. */
export function deltaOf({ desired, reported }: Pick<DeviceRecord, 'desired' | 'reported'>): TwinState {
  if (desired === undefined) return empty;
  const open = Object.entries(desired.state).filter(
    ([key, value]) => !Object.hasOwn(reported, key) || !isDeepStrictEqual(reported[key], value),
  );
  return Object.fromEntries(open);
}

/** Undefined while nobody ever desired anything. */
export function twinOf(record: DeviceRecord): Twin | undefined {
  const { desired, reportedVersion = 0 } = record;
  if (desired === undefined) return undefined;
  const { state, version, at } = desired;
  return { desired: state, version, desiredAt: at, reportedVersion, delta: deltaOf(record) };
}

/** What a device is told: enough for one that keeps nothing, and for one that only wants the difference. */
export function toDesiredMessage(record: DeviceRecord): DesiredMessage | undefined {
  const { desired } = record;
  return desired && { version: desired.version, desired: desired.state, delta: deltaOf(record) };
}

function depthOver(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => depthOver(inner, levels - 1));
}
