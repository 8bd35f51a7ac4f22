/** Errors that cross parts. `code` is stable and kebab-case; `message` is for people. */
import { limits } from './limits.ts';

/** Nothing of this delivery can ever be accepted; it lies in quarantine. Acknowledge it: repeating cannot help. */
export class RejectedDeliveryError extends Error {
  override readonly name = 'RejectedDeliveryError';
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Not stored this time (disk full, overload): do not acknowledge, the sender will repeat. */
export class TryAgainError extends Error {
  override readonly name = 'TryAgainError';
  readonly code: string;
  readonly retryAfterMs: number;
  constructor(code: string, message: string, retryAfterMs = 1000, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The caller asked for something that is wrong, missing or not allowed; `status` is the HTTP status it maps to. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: string;
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 429;
  /** When the same request may succeed; absent where only another one can. */
  readonly retryAfterMs: number | undefined;
  constructor(
    status: RequestError['status'],
    code: string,
    message: string,
    options?: ErrorOptions & { readonly retryAfterMs?: number },
  ) {
    super(message, options);
    this.code = code;
    this.status = status;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** An answer of history would hold more buckets, of all its series together, than one may. */
export function tooManyBuckets(): RequestError {
  const message = `The answer would have more than ${limits.historyBuckets} buckets: ask for fewer series, a shorter range or wider buckets.`;
  return new RequestError(422, 'too-many-points', message);
}

/** How every acknowledgement says no. */
export interface Refusal {
  readonly ok: false;
  readonly error: { readonly code: string; readonly message: string; readonly retryAfterMs?: number };
}

/** Turns what was thrown into the refusal that goes on the wire; an unknown error keeps its details to itself. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof TryAgainError || error instanceof RequestError) {
    const { code, message, retryAfterMs } = error;
    return { ok: false, error: { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
  }
  if (error instanceof RejectedDeliveryError)
    return { ok: false, error: { code: error.code, message: error.message } };
  return { ok: false, error: { code: 'internal', message: 'The hub failed to handle this request.' } };
}
