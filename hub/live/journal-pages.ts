/**
 * Pages of the journal for dashboards that come back: in a storm each stretch is read once for all of them. Pages begin
 * at round offsets, wherever each dashboard left off, and a few stay for the stragglers, bounded in number and bytes.
 */
import type { Clock, Journal, JournalPage } from '#ports';

/** Readings and events together. */
export const pageRows = 1000;
const keptPages = 32;
const keptBytes = 16 * 1024 * 1024;
/** After its last use; a hub that restarts sees its dashboards again within that. */
const keptMs = 10_000;
/** What a reading takes beside its text. */
const bytesPerRow = 256;

interface Kept {
  readonly page: Promise<JournalPage>;
  /** Everything committed up to here is in the page, or behind its end. */
  readonly head: number;
  /** 0 until it is read. */
  bytes: number;
  usedMs: number;
}

export class JournalPages {
  readonly #journal: Journal;
  readonly #clock: Clock;
  /** By where they begin, the least recently used first. */
  readonly #kept = new Map<number, Kept>();
  #cancelSweep: (() => void) | undefined;

  constructor({ journal, clock }: { readonly journal: Journal; readonly clock: Clock }) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /**
   * A page that holds what comes right after an offset, and maybe a little before it.
   * @param until offset of what is committed already: without `more` the page reaches at least so far
   * @throws whatever the journal throws; the next who asks has it read anew
   */
  async read(after: number, until: number): Promise<JournalPage> {
    const start = after - (after % pageRows);
    for (;;) {
      const kept = this.#kept.get(start) ?? this.#load(start, until);
      this.#use(start, kept);
      const page = await kept.page;
      if (page.more || until <= kept.head) return page;
      // It ended where the journal ended then: the first who needs more has it read again, for all.
      if (this.#kept.get(start) === kept) this.#kept.delete(start);
    }
  }

  /** What is kept is not as it was: devices have other names, or nobody is there any more. */
  forget(): void {
    this.#kept.clear();
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }

  #load(start: number, until: number): Kept {
    const kept: Kept = {
      page: this.#journal.read(start, pageRows),
      head: Math.max(until, this.#journal.head()),
      bytes: 0,
      usedMs: 0,
    };
    void this.#weigh(start, kept);
    return kept;
  }

  async #weigh(start: number, kept: Kept): Promise<void> {
    try {
      kept.bytes = bytesOf(await kept.page);
      this.#shrink();
    } catch {
      // Who waits for it is told.
      if (this.#kept.get(start) === kept) this.#kept.delete(start);
    }
  }

  #use(start: number, kept: Kept): void {
    kept.usedMs = this.#clock.monotonicMs();
    this.#kept.delete(start);
    this.#kept.set(start, kept);
    this.#cancelSweep ??= this.#clock.after(keptMs, () => this.#sweep());
  }

  /** The oldest go first; who waits for one has it all the same. */
  #shrink(): void {
    let bytes = 0;
    for (const kept of this.#kept.values()) bytes += kept.bytes;
    for (const [start, kept] of this.#kept) {
      if (this.#kept.size <= keptPages && bytes <= keptBytes) return;
      this.#kept.delete(start);
      bytes -= kept.bytes;
    }
  }

  #sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#cancelSweep = undefined;
    for (const [start, { usedMs }] of this.#kept) if (usedMs + keptMs <= nowMs) this.#kept.delete(start);
    if (this.#kept.size > 0) this.#cancelSweep = this.#clock.after(keptMs, () => this.#sweep());
  }
}

function bytesOf({ readings, events }: JournalPage): number {
  let bytes = (readings.length + events.length) * bytesPerRow;
  for (const { value } of readings) if (typeof value === 'string') bytes += value.length * 2;
  for (const { data } of events) bytes += JSON.stringify(data).length * 2;
  return bytes;
}
