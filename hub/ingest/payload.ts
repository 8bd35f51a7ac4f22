/** What goes into quarantine: the bytes as they came, or what was decoded of them. Bounded copies. Pure. */
import { limits } from '#contract/limits.ts';
import type { Delivery, QuarantineItem, RawPayload, Rejection } from '#ports';

/** A copy of its own: an edge's buffer may be a window on a larger one, which would travel along. */
export function boundedPayload({ bytes, contentType }: RawPayload): RawPayload {
  const copy = new Uint8Array(bytes.subarray(0, limits.quarantinePayloadBytes));
  return contentType === undefined ? { bytes: copy } : { bytes: copy, contentType };
}

/** One row for a delivery, named by its first problem. @param isPartly its other parts are stored */
export function quarantineOf(
  delivery: Delivery,
  rejected: readonly Rejection[],
  isPartly: boolean,
): QuarantineItem {
  const { readings, events = [], state = [], source } = delivery;
  const parts = [...readings, ...events, ...state];
  const [first] = rejected;
  const message =
    parts.length > 1
      ? `${rejected.length} of ${parts.length} were rejected, first: ${first?.message ?? ''}`
      : (first?.message ?? '');
  return {
    source,
    code: first?.code ?? 'rejected',
    message,
    raw: boundedPayload(delivery.raw ?? decoded(rejected.map(({ index }) => parts[index]))),
    circumstances: {
      receivedAtUs: delivery.receivedAtUs,
      ...(state.length > 0 && { isState: true }),
      ...(isPartly && { partly: { of: parts.length, rejected: rejected.map(({ index }) => index) } }),
    },
  };
}

function decoded(parts: readonly unknown[]): RawPayload {
  return { bytes: new TextEncoder().encode(JSON.stringify(parts)), contentType: 'application/json' };
}
