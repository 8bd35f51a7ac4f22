/**
 * What an answer of InfluxDB means for what was sent: it is the status that decides, the sentence only tells how many
 * lines it is about. Spec: docs.influxdata.com, write API of 1.x, 2.x and 3 Core, "Status codes". Pure.
 */
import { HttpError } from '@influxdata/influxdb-client';

export type WriteAnswer =
  | { readonly kind: 'stored' }
  /** Some or all of it can never be stored; `dropped` when the database says how many lines. The others may be. */
  | { readonly kind: 'refused'; readonly message: string; readonly dropped: number | undefined }
  | { readonly kind: 'too-large'; readonly message: string }
  /** A person must act: a token, a bucket, an address. Nothing is wrong with the readings. */
  | { readonly kind: 'blocked'; readonly status: number; readonly message: string }
  /** It may work later, not before `afterMs` if the database said so. */
  | { readonly kind: 'later'; readonly message: string; readonly afterMs: number | undefined };

const shownChars = 300;
const longestWaitMs = 10 * 60_000;

/** @param error what a request to the database was rejected with @param nowMs to read a date in `Retry-After` */
export function judge(error: unknown, nowMs: number): WriteAnswer {
  if (!(error instanceof HttpError)) return { kind: 'later', message: sentenceOf(error), afterMs: undefined };
  const { statusCode: status } = error;
  const message = `${status} ${(error.body ?? error.message).trim().slice(0, shownChars)}`;
  if (status === 400 || status === 422) return { kind: 'refused', message, dropped: droppedOf(message) };
  if (status === 413) return { kind: 'too-large', message };
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { kind: 'later', message, afterMs: retryAfterMs(error.headers?.['retry-after'], nowMs) };
  return { kind: 'blocked', status, message };
}

/** The type of a field that the database has already, as it complains about another one. */
export interface FieldConflict {
  readonly measurement: string;
  readonly field: string;
  readonly type: string;
}

export function conflictOf(message: string): FieldConflict | undefined {
  const match =
    /input field \\?"(.+?)\\?" on measurement \\?"(.+?)\\?" is type \w+, already exists as type (\w+)/.exec(
      message,
    );
  if (match === null) return undefined;
  const [, field = '', measurement = '', type = ''] = match;
  return { field, measurement, type };
}

function droppedOf(message: string): number | undefined {
  const count = /partial write:.*dropped=(\d+)/s.exec(message)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Seconds, or a date (RFC 9110, 10.2.3); never longer than ten minutes. */
function retryAfterMs(header: string | readonly string[] | undefined, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestWaitMs) : undefined;
}

export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection to several addresses has no message of its own.
  const { code } = error as { readonly code?: unknown };
  return error.message === '' && typeof code === 'string' ? code : error.message;
}
