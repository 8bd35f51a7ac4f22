/**
 * The live plane: keeps the newest value of every series, and turns commits into frames for the views that show them.
 * Read `publish` first. ARCHITECTURE §7. Knows no transport: frames, gaps and events go to listeners.
 */
import type { DeviceName } from '#contract/device.ts';
import { toEventMessage, type CommittedEvent } from '#contract/event.ts';
import type { CommittedReading, ReadingTuple } from '#contract/reading.ts';
import type { Position, SubscribeAnswer, ViewSpec } from '#contract/view.ts';
import type { Clock, Committed, Counters, Journal, Live, Log, Resumption, Timings, ViewFrame } from '#ports';
import { FrameTurns } from './frame-turns.ts';
import { Instant, readingsText, type Shown } from './frame-text.ts';
import { JournalPages } from './journal-pages.ts';
import { LatestValues } from './latest-values.ts';
import { MissedBook, type MissedOrGap } from './missed.ts';
import { PageTurns } from './page-turns.ts';
import { readMissed } from './resume.ts';
import { fleet, nameInFleet, tupleFor, viewId, Views, type View } from './views.ts';

export interface LivePlaneParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly timings?: Timings | undefined;
  /** Calls back once what came in has had its turn. */
  readonly nextTurn?: ((go: () => void) => unknown) | undefined;
}

export class LivePlane implements Live {
  readonly viewId = viewId;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counters: Counters;
  readonly #timings: Timings | undefined;
  readonly #latest = new LatestValues();
  readonly #pages: JournalPages;
  readonly #turns = new PageTurns();
  readonly #due: FrameTurns<View>;
  readonly #views: Views;
  readonly #frameListeners: ((frame: ViewFrame) => void)[] = [];
  readonly #eventListeners: ((event: CommittedEvent) => void)[] = [];
  /** Views of which a member is still reading what it missed. */
  readonly #resuming = new Set<View>();
  /** Everything up to here was published. */
  #offset: number;

  constructor({ journal, clock, log, counters, timings, nextTurn = setImmediate }: LivePlaneParts) {
    this.#journal = journal;
    this.#clock = clock;
    this.#log = log;
    this.#counters = counters;
    this.#timings = timings;
    this.#offset = journal.head();
    this.#pages = new JournalPages({ journal, clock });
    this.#due = new FrameTurns({ clock, nextTurn, flush: (view) => this.#flush(view) });
    const due = (view: View): void => this.#due.add(view);
    this.#views = new Views({ latest: this.#latest, clock, counters, due });
  }

  /** A warm start: the newest readings that the store knows, in any order, before anything is published. */
  warm(readings: readonly CommittedReading[]): void {
    for (const reading of readings) this.#latest.take(reading);
  }

  publish({ readings, events, state, arrivedMs }: Committed): void {
    const begun: View[] = [];
    for (const seeded of state) {
      const change = this.#latest.seed(seeded);
      if (change === undefined) continue;
      if (change.isNew) this.#views.adopt(change.entry);
      // State is no reading: who asked for every reading does not get it as one.
      const shown = Instant.of(change.entry, change.entry.newest);
      for (const view of change.entry.views) {
        view.latest = undefined;
        if (!view.conflated) continue;
        view.pending.add(shown);
        noteWaiting(view, arrivedMs, begun);
      }
    }
    let shown: Shown | undefined;
    let told = 0;
    const full: View[] = [];
    for (const reading of readings) {
      const { entry, isNew } = this.#latest.take(reading);
      if (isNew) this.#views.adopt(entry);
      if (entry.views.length > 0)
        show((shown = Instant.of(entry, reading, shown)), arrivedMs, { begun, full });
      if (reading.offset > this.#offset) this.#offset = reading.offset;
      if (full.length === 0) continue;
      told = this.#publishEvents(events, told, this.#offset);
      for (const view of full.splice(0)) this.#flush(view);
      // What has gone out is not joined by what follows.
      shown = undefined;
    }
    this.#publishEvents(events, told, Number.POSITIVE_INFINITY);
    for (const view of begun) view.pacer.touch(arrivedMs);
  }

  async open(
    group: string,
    spec: ViewSpec,
    groups: readonly string[] | undefined,
    from: Resumption | undefined,
    begin?: (answer: SubscribeAnswer) => void,
  ): Promise<SubscribeAnswer> {
    const view = this.#views.join(group, spec, groups);
    try {
      if (from === undefined) return this.#begin(view, undefined, begin);
      return await this.#resume(view, from, begin);
    } catch (error) {
      this.#views.leave(group, view.id);
      throw error;
    }
  }

  /** What is published up to now: a place to resume from. */
  position(): Position {
    return { epoch: this.#journal.epoch, offset: this.#offset };
  }

  release(group: string, view: string): void {
    this.#views.leave(group, view);
  }

  snapshot(
    group: string,
    id: string,
    after = -1,
  ): { readonly offset: number; readonly latest: readonly ReadingTuple[] } {
    const view = this.#views.find(group, id);
    if (view === undefined) return { offset: this.#offset, latest: [] };
    // Frames after this snapshot must hold only what it does not.
    this.#flush(view);
    // A replayed state has no offset: it is told again.
    const changed = [...view.series].filter(({ offset }) => offset > after || offset === 0);
    return { offset: this.#offset, latest: changed.map((entry) => tupleFor(view, entry)) };
  }

  latest(group: string, device: string): readonly CommittedReading[] {
    return Array.from(this.#latest.ofDevice(group, device), (entry) => entry.newest);
  }

  moved(from: DeviceName, to: DeviceName): void {
    this.#pages.forget();
    for (const entry of this.#latest.remove(from.group, from.device)) {
      // What is pending still has the old name: it goes out before the series leaves.
      for (const view of entry.views) this.#flush(view);
      this.#views.drop(entry);
      const taken = this.#latest.take({ ...entry.newest, ...to });
      if (taken.isNew) this.#views.adopt(taken.entry);
    }
  }

  onFrame(listener: (frame: ViewFrame) => void): void {
    this.#frameListeners.push(listener);
  }

  onEvent(listener: (event: CommittedEvent) => void): void {
    this.#eventListeners.push(listener);
  }

  close(): void {
    this.#pages.forget();
    for (const view of this.#views) view.pacer.stop();
    this.#due.clear();
  }

  /** Ahead of the frames: who has seen a frame's offset has seen every event up to it. @returns how many are told now */
  #publishEvents(events: readonly CommittedEvent[], from: number, until: number): number {
    let told = from;
    for (let event = events[told]; event !== undefined && event.offset <= until; event = events[(told += 1)])
      this.#publishEvent(event);
    return told;
  }

  #publishEvent(event: CommittedEvent): void {
    if (event.offset > this.#offset) this.#offset = event.offset;
    for (const view of this.#resuming)
      if (view.coversDevice(event)) for (const tap of view.taps) tap.addEvent(event);
    for (const listener of this.#eventListeners) listener(event);
  }

  async #resume(
    view: View,
    from: Resumption,
    begin?: (answer: SubscribeAnswer) => void,
  ): Promise<SubscribeAnswer> {
    const tap = new MissedBook(from.held);
    view.taps = [...view.taps, tap];
    this.#resuming.add(view);
    try {
      const missed = await this.#missed(view, from);
      // No await from here on: what the tap holds ends exactly where the stream begins.
      return this.#begin(view, MissedBook.join(missed, tap), begin);
    } finally {
      view.taps = view.taps.filter((other) => other !== tap);
      if (view.taps.length === 0) this.#resuming.delete(view);
    }
  }

  async #missed(view: View, from: Resumption): Promise<MissedOrGap> {
    try {
      const parts = {
        journal: this.#journal,
        pages: this.#pages,
        turns: this.#turns,
        clock: this.#clock,
      };
      return await readMissed(parts, view, { from, until: this.#offset });
    } catch (error) {
      this.#counters.count('live', 'resume-failed');
      this.#log.warn('Could not read what a dashboard missed; it is told of a gap.', { error });
      return { gap: 'store-failed' };
    }
  }

  #begin(
    view: View,
    missed: MissedOrGap | undefined,
    begin?: (answer: SubscribeAnswer) => void,
  ): SubscribeAnswer {
    // What is pending belongs to those who were here before.
    this.#flush(view);
    const answer: SubscribeAnswer = {
      ok: true,
      view: view.id,
      ...this.position(),
      latest: latestOf(view),
      ...(missed === undefined ? {} : toAnswer(view, missed)),
    };
    begin?.(answer);
    return answer;
  }

  #flush(view: View): void {
    const { waitingSinceMs } = view;
    view.waitingSinceMs = undefined;
    const shown = view.pending.take();
    if (shown.length === 0) return;
    const { group, id } = view;
    const offset = this.#offset;
    const readings = readingsText(shown, group === fleet ? nameInFleet : undefined);
    const rest = this.#leftOutText(view);
    const frame = { group, view: id, offset, text: `{"view":"${id}","offset":${offset},${readings}${rest}}` };
    for (const listener of this.#frameListeners) listener(frame);
    if (waitingSinceMs !== undefined)
      this.#timings?.observe('frame', (this.#clock.monotonicMs() - waitingSinceMs) / 1000);
  }

  #leftOutText(view: View): string {
    const leftOut = view.pending.takeLeftOut();
    if (leftOut === undefined) return '';
    const { start, end, count } = leftOut;
    this.#counters.count('live', 'late-left-out', count);
    return `,"incomplete":{"start":${start},"end":${end}}`;
  }
}

/** Once per reading and view that shows it: what can be done once for both is not done here. */
function show(
  shown: Shown,
  arrivedMs: number,
  { begun, full }: { readonly begun: View[]; readonly full: View[] },
): void {
  for (const view of shown.entry.views) {
    view.latest = undefined;
    if (view.pending.add(shown)) full.push(view);
    if (view.taps.length > 0) for (const tap of view.taps) tap.addReading(shown.reading);
    noteWaiting(view, arrivedMs, begun);
  }
}

/** Notes the first of what waits in a view; what comes behind it goes with it. */
function noteWaiting(view: View, arrivedMs: number, begun: View[]): void {
  if (view.waitingSinceMs !== undefined) return;
  view.waitingSinceMs = arrivedMs;
  begun.push(view);
}

function tuplesOf(view: View, readings: readonly CommittedReading[]): readonly ReadingTuple[] {
  return readings.map((reading) => tupleFor(view, reading));
}

function toAnswer(view: View, missed: MissedOrGap): Pick<SubscribeAnswer, 'missed' | 'events' | 'gap'> {
  if ('gap' in missed) return missed;
  // Events are told in the namespace of their group, and resumed there.
  if (view.group === fleet) return { missed: tuplesOf(view, missed.readings) };
  return { missed: tuplesOf(view, missed.readings), events: missed.events.map(toEventMessage) };
}

/** Kept for the next who asks only where several look: of ten thousand views it would be all their values once more. */
function latestOf(view: View): readonly ReadingTuple[] {
  if (view.latest !== undefined) return view.latest;
  const latest: ReadingTuple[] = [];
  for (const entry of view.series) latest.push(tupleFor(view, entry));
  if (view.members > 1) view.latest = latest;
  return latest;
}
