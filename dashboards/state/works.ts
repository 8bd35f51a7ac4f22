/**
 * Work that takes long: exports, imports, replays. It goes on whatever screen is shown, says how far it is, can be
 * stopped, and keeps its end on the page until the reader has seen it.
 */
import { signal } from '@preact/signals';
import { FormatError } from '#contract/formats/decoded.ts';
import { HttpProblem } from '../api/http.ts';
import type { Language } from './language.ts';

export type Words = (language: Language) => string;
export type WorkEnd = 'whole' | 'stopped' | 'failed';

export interface Told {
  /** Share of the work, 0 to 1; undefined while nobody can know. */
  readonly done?: number | undefined;
  /** What came of it so far. */
  readonly words: Words;
  /** What was refused, one line each: the first of them. */
  readonly lines?: readonly string[] | undefined;
}

export interface Work extends Told {
  readonly id: number;
  readonly kind: WorkKind;
  readonly title: Words;
  readonly end?: WorkEnd | undefined;
  /** Why it failed. */
  readonly why?: string | undefined;
}

/** Of one kind one at a time is enough. */
export type WorkKind = 'export' | 'import' | 'devices' | 'quarantine';

export interface Order {
  readonly kind: WorkKind;
  readonly title: Words;
  /** Ends whole when it resolves. A stopped one may reject with whatever the signal makes of it. */
  readonly job: (tell: (told: Told) => void, signal: AbortSignal) => Promise<void>;
}

/** It cannot go on, for a reason that the reader should know. */
export class WorkError extends Error {
  override readonly name = 'WorkError';
  readonly code: 'too-large' | 'not-rows';
  constructor(code: WorkError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export class Works {
  /** Newest last. */
  readonly all = signal<readonly Work[]>([]);
  readonly #stops = new Map<number, AbortController>();
  #next = 1;

  isRunning(kind?: WorkKind): boolean {
    return this.all.value.some((work) => work.end === undefined && (kind ?? work.kind) === work.kind);
  }

  /** Takes the place of what has ended of its kind. Resolves when it has ended, however. Rejects only for what is a mistake of ours; it is shown as failed all the same. */
  async run({ kind, title, job }: Order): Promise<void> {
    const id = this.#next++;
    const stop = new AbortController();
    this.#stops.set(id, stop);
    const others = this.all.peek().filter((work) => work.kind !== kind || work.end === undefined);
    this.all.value = [...others, { id, kind, title, words: () => '' }];
    try {
      await job((told) => this.#change(id, told), stop.signal);
      this.#change(id, { done: 1, end: 'whole' });
    } catch (error) {
      if (stop.signal.aborted) return this.#change(id, { end: 'stopped' });
      this.#change(id, { end: 'failed', why: error instanceof Error ? error.message : String(error) });
      const isKnown =
        error instanceof HttpProblem || error instanceof FormatError || error instanceof WorkError;
      if (!isKnown) throw error;
    } finally {
      this.#stops.delete(id);
    }
  }

  stop(id: number): void {
    this.#stops.get(id)?.abort();
  }

  /** Nobody may go on in the name of who has left. */
  stopAll(): void {
    for (const stop of this.#stops.values()) stop.abort();
    this.all.value = [];
  }

  dismiss(id: number): void {
    this.all.value = this.all.peek().filter((work) => work.id !== id || work.end === undefined);
  }

  #change(id: number, part: Partial<Work>): void {
    this.all.value = this.all.peek().map((work) => (work.id === id ? { ...work, ...part } : work));
  }
}
