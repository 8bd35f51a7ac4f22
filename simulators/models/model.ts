/**
 * What a kind of device is: what it measures, what it can be told, and its values as a function of time.
 * Pure: history and live join, and history sent again is the same history.
 */
import type { Control, DeviceDescription, MetricInfo } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';

export type Scalar = number | boolean | string;
export type Values = Readonly<Record<string, Scalar>>;

/** What a command has set, and when: from then on the device no longer follows its own programme. */
export interface Setting {
  readonly value: number | boolean;
  /** Epoch ms. */
  readonly sinceMs: number;
}
export type Settings = Readonly<Record<string, Setting>>;

export interface ModelEvent {
  readonly name: string;
  readonly atMs: number;
  readonly data: Json;
}

export interface Model {
  /** The stem of device ids: `climate-sensor`. */
  readonly kind: string;
  /** For people: `Climate sensor`. */
  readonly title: string;
  /** As printed on the box. */
  readonly model: string;
  readonly metrics: readonly MetricInfo[];
  readonly controls: readonly Control[];
  /** Unrounded; {@link sampleOf} rounds to each metric's precision. */
  values(atMs: number, seed: number, settings: Settings): Values;
  /** What happened in `[fromMs, toMs)`, in order. */
  events?(fromMs: number, toMs: number, seed: number): readonly ModelEvent[];
}

/** The model's values as the device would report them. */
export function sampleOf(model: Model, atMs: number, seed: number, settings: Settings = {}): Values {
  const values = model.values(atMs, seed, settings);
  const precision = new Map(model.metrics.map((info) => [info.metric, info.precision]));
  return Object.fromEntries(
    Object.entries(values).map(([metric, value]) => [metric, rounded(value, precision.get(metric))]),
  );
}

export function descriptionOf(model: Model, title: string): DeviceDescription {
  return {
    title,
    model: model.model,
    labels: { simulated: 'true', kind: model.kind },
    metrics: model.metrics,
    controls: model.controls,
  };
}

/** Sensors that cannot be switched can at least show which one they are. */
export const identify: Control = { name: 'identify', kind: 'button', title: 'Identify' };

/** How far a slow quantity has followed since it was switched: 0 at once, 1 in the end. */
export function followed(sinceMs: number, atMs: number, timeConstantMs: number): number {
  return 1 - Math.exp(-Math.max(0, atMs - sinceMs) / timeConstantMs);
}

function rounded(value: Scalar, precision: number | undefined): Scalar {
  if (typeof value !== 'number' || precision === undefined) return value;
  return Number(value.toFixed(precision));
}
