/**
 * What a dashboard missed, readings and events: the journal from its last offset to the moment it asked, then, from a
 * tap on the view, what was published while the journal was read. Together: no hole and no double.
 */
import { limits } from '#contract/limits.ts';
import type { GapReason, Position } from '#contract/view.ts';
import type { Clock, Journal, Resumption } from '#ports';
import type { JournalPages } from './journal-pages.ts';
import { MissedBook, type MissedOrGap } from './missed.ts';
import type { PageTurns } from './page-turns.ts';
import type { View } from './views.ts';

const readDeadlineMs = 10_000;
/** To look at a page, of one turn of the event loop; behind the last, the answer is put together. */
const pageShare = 1 / 4;
const lastPageShare = 1;
/** A narrow view finds little in much; past this many offsets a fresh history query is cheaper. */
const scannedOffsets = 10 * limits.resumeReadings;

export interface ResumeParts {
  readonly journal: Journal;
  readonly pages: JournalPages;
  readonly turns: PageTurns;
  readonly clock: Clock;
}

/**
 * Reads what `view` covers in `(from, until]`, oldest first.
 * @param until the last published offset; what lies beyond comes by the tap
 * @returns a gap where the journal does not reach back, the epoch is another, or it is too much
 * @throws whatever the journal throws, or an Error after 10 s
 */
export async function readMissed(
  { journal, pages, turns, clock }: ResumeParts,
  view: View,
  { from, until }: { from: Resumption; until: number },
): Promise<MissedOrGap> {
  const gap = gapBefore(journal, from, until);
  if (gap !== undefined) return { gap };
  const missed = new MissedBook(from.held);
  const deadline = clock.monotonicMs() + readDeadlineMs;
  for (let after = from.offset; after < until;) {
    const page = await within(clock, deadline, pages.read(after, until));
    const isLast = !page.more || page.offset >= until;
    await turns.take(isLast ? lastPageShare : pageShare);
    for (const reading of page.readings)
      if (reading.offset > after && reading.offset <= until && view.covers(reading))
        missed.addReading(reading);
    for (const event of page.events)
      if (event.offset > after && event.offset <= until && view.coversDevice(event)) missed.addEvent(event);
    if (missed.isFull) return { gap: 'too-far-behind' };
    if (!page.more || page.offset <= after) break;
    after = page.offset;
  }
  // The tail may have moved past `from` while pages were read.
  return gapBefore(journal, from, until) === undefined ? missed : { gap: 'too-far-behind' };
}

function gapBefore(journal: Journal, from: Position, until: number): GapReason | undefined {
  // An offset that this epoch has not reached was given out by a life of the file that is gone.
  if (from.epoch !== journal.epoch || from.offset > until) return 'epoch-changed';
  if (from.offset === until) return undefined;
  if (from.offset + 1 < journal.tail() || until - from.offset > scannedOffsets) return 'too-far-behind';
  return undefined;
}

async function within<Result>(clock: Clock, deadlineMs: number, work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const cancel = clock.after(deadlineMs - clock.monotonicMs(), () =>
    late.reject(new Error('The journal did not answer in time.')),
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    cancel();
  }
}
