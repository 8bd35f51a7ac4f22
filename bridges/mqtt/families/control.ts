/**
 * How a device of a family is told something: what to publish, and which of its readings shows that it has done so.
 * Pure.
 */
import type { CommandAnswer } from '#contract/command.ts';
import type { Control } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { Value } from '#contract/reading.ts';
import type { Confirmation } from '#ports';

export interface FamilyPublish {
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

/** What a family may need of the command beside its value. */
export interface Told {
  /** For devices that answer with it. */
  readonly id: string;
  /** When it is said: epoch ms. */
  readonly atMs: number;
}

/** What can be told to a device; `metric` is the device's own name of what shows that it was done. */
export interface FamilyControl extends Control {
  readonly metric: string;
  /** Understood when a program sends it, but nothing says that it may be set: no person is offered it. */
  readonly isOffered?: false | undefined;
  readonly tell: (value: Value, command: Told) => FamilyPublish;
}

type Wanted =
  { readonly value: Value } | { readonly error: { readonly code: string; readonly message: string } };

/** The value in `{ value }`, if the control can take it. */
export function wantedOf(control: FamilyControl, args: Json): Wanted {
  const value = isPlainObject(args) ? args['value'] : undefined;
  if (typeof value === 'number' ? isWithin(value, control) : isOfKind(value, control.kind))
    return { value: value as Value };
  const { min = -Infinity, max = Infinity, kind, name } = control;
  const range = kind === 'slider' ? `a number from ${min} to ${max}` : 'true or false';
  return { error: { code: 'invalid-value', message: `"${name}" takes { value }, ${range}.` } };
}

/** Any reading that shows what was wanted; others may be on their way from before. */
export function confirmationOf({ metric, step }: FamilyControl, wanted: Value): Confirmation {
  return {
    metrics: [metric],
    judge: ({ value }): CommandAnswer | undefined =>
      isAlike(value, wanted, step) ? { ok: true, state: 'succeeded', result: { value } } : undefined,
  };
}

function isOfKind(value: unknown, kind: Control['kind']): boolean {
  if (kind === 'switch') return typeof value === 'boolean';
  return kind === 'button' && value === undefined;
}

function isWithin(value: number, { kind, min = -Infinity, max = Infinity }: Control): boolean {
  return kind === 'slider' && Number.isFinite(value) && value >= min && value <= max;
}

/** Devices round to what they can do, and some keep their numbers in 32 bits. */
function isAlike(value: Value, wanted: Value, step: number | undefined): boolean {
  if (typeof wanted === 'boolean') return value === wanted || value === Number(wanted);
  if (typeof value !== 'number' || typeof wanted !== 'number') return value === wanted;
  return Math.abs(value - wanted) <= Math.max((step ?? 0) / 2, Math.abs(wanted) * 1e-6);
}
