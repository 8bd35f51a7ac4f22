/** What the trace keeps of a delivery that an edge handed in decoded. Pure. */
import { packReadings } from '#contract/traced-readings.ts';
import type { Delivery, Rejection, TraceNote } from '#ports';

/** @param refusal nothing of it could be accepted, and why */
export function traceNoteOf(
  { source, readings, events = [], state = [] }: Delivery,
  receivedAtUs: number,
  rejected: readonly Rejection[],
  refusal?: { readonly code: string; readonly message: string },
): TraceNote {
  const isState = state.length > 0;
  const isPartly = rejected.length > 0;
  return {
    source,
    receivedAtUs,
    isState,
    decoder: source.edge,
    readings: packReadings(isState ? state : readings),
    events,
    others: [],
    problems: [],
    rejected,
    outcome: refusal === undefined ? (isPartly ? 'partly' : 'taken') : 'quarantined',
    reason: refusal && { code: refusal.code, message: refusal.message },
  };
}
