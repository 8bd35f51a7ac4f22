/** What of a message that lies in quarantine or in the inbox is offered to ingest again. Pure. */
import { RejectedDeliveryError } from '#contract/errors.ts';
import type { Delivery, IncomingEvent, IncomingReading } from '#ports';
import type { Kept } from './meaning.ts';

interface Parts {
  readonly readings: readonly IncomingReading[];
  readonly events: readonly IncomingEvent[];
}

/**
 * Only what is not stored yet, named by the row so that a second replay adds nothing.
 * @throws {RejectedDeliveryError} parts of it are stored, and nobody can tell any more which
 */
export function partsOfKept(
  { id, partly }: Kept,
  { readings, events }: Parts,
): Pick<Delivery, 'readings' | 'events' | 'isKept'> {
  const named = <Part extends { readonly id?: string | undefined }>(part: Part): Part => ({
    ...part,
    id: part.id ?? id,
  });
  if (partly === undefined) return { readings: readings.map(named), events: events.map(named), isKept: true };
  if (partly.of !== readings.length + events.length)
    throw new RejectedDeliveryError(
      'decoded-otherwise',
      'Parts of it are stored already, and now it is decoded to other parts.',
    );
  const open = new Set(partly.rejected);
  return {
    readings: readings.filter((_reading, index) => open.has(index)).map(named),
    events: events.filter((_event, index) => open.has(readings.length + index)).map(named),
    isKept: true,
  };
}
