/** One request may bring more than one delivery holds: it goes in as several and is answered as one. */
import { RejectedDeliveryError, RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { Delivery, IncomingReading, Ingest, Receipt, Rejection } from '#ports';

/** What all of it came to; `rejected` counts from the first reading of the request. */
export interface Stored {
  /** Absent: nothing of it was accepted, so nothing was committed. */
  readonly epoch: string | undefined;
  readonly offset: number;
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** @param count of readings and of what is none @throws {RequestError} 413 */
export function requireFew(count: number): void {
  if (count <= limits.readingsPerHttpRequest) return;
  const message = `One request brings at most ${limits.readingsPerHttpRequest} readings.`;
  throw new RequestError(413, 'too-many-readings', message);
}

/** @throws {TryAgainError} part of it may be stored; all of it is to be sent again */
export async function acceptAll(
  ingest: Pick<Ingest, 'accept'>,
  common: Omit<Delivery, 'readings'>,
  readings: readonly IncomingReading[],
): Promise<Stored> {
  const chunks: (readonly IncomingReading[])[] = [];
  for (let from = 0; from < readings.length; from += limits.readingsPerDelivery)
    chunks.push(readings.slice(from, from + limits.readingsPerDelivery));
  const outcomes = await Promise.allSettled(
    chunks.map((chunk) => ingest.accept({ ...common, readings: chunk })),
  );
  let [epoch, offset, accepted]: [string | undefined, number, number] = [undefined, 0, 0];
  const rejected: Rejection[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const from = index * limits.readingsPerDelivery;
    const receipt = outcome.status === 'fulfilled' ? outcome.value : undefined;
    epoch = receipt?.epoch ?? epoch;
    offset = Math.max(offset, receipt?.offset ?? 0);
    accepted += receipt?.accepted ?? 0;
    rejected.push(...rejectionsOf(outcome, from, chunks[index]?.length ?? 0));
  }
  return { epoch, offset, accepted, rejected };
}

/** @throws the error itself unless it is a final refusal */
function rejectionsOf(
  outcome: PromiseSettledResult<Receipt>,
  from: number,
  size: number,
): readonly Rejection[] {
  if (outcome.status === 'fulfilled')
    return outcome.value.rejected.map((rejection) => ({ ...rejection, index: from + rejection.index }));
  const error: unknown = outcome.reason;
  if (!(error instanceof RejectedDeliveryError)) throw error;
  const { code, message } = error;
  return Array.from({ length: size }, (_, index) => ({ index: from + index, code, message }));
}
