/** What every format decodes to, before an edge adds group and device. */
import type { LineName, NumberForm, Quality, Tags, Value } from '../reading.ts';

export interface DecodedReading {
  /** Only where the payload itself names the device (gateways, SenML base names). */
  readonly device?: string | undefined;
  readonly metric: string;
  readonly tags?: Tags | undefined;
  /** The payload's own time, µs since the epoch. */
  readonly timeUs?: number | undefined;
  readonly value: Value;
  readonly quality?: Quality | undefined;
  readonly id?: string | undefined;
  /** UCUM where it could be told. */
  readonly unit?: string | undefined;
  /** Line protocol's own names. */
  readonly line?: LineName | undefined;
  readonly form?: NumberForm | undefined;
}

/** As ingest takes it. All fields are written out: what comes by the ten thousand should all have one shape. */
export function ofDevice(
  { metric, tags, timeUs, value, quality, id, line, form }: DecodedReading,
  group: string,
  device: string,
): Omit<DecodedReading, 'unit'> & { readonly group: string; readonly device: string } {
  return { group, device, metric, tags, timeUs, value, quality, id, line, form };
}

/** A part of a payload that is no reading, and why. */
export interface Problem {
  /** JSON Pointer into the payload; empty for the whole. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface Decoded {
  readonly readings: readonly DecodedReading[];
  readonly problems: readonly Problem[];
  /** Of a payload of several items: how many readings there were after each. */
  readonly itemEnds?: readonly number[] | undefined;
}

/** The payload as a whole is not in this format. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
