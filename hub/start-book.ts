/**
 * The last starts of the hub in its data folder and whether each ended as asked, so that a crash loop is visible:
 * a supervisor that starts it again and again hides every single end.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartsStatus } from './contract/status.ts';
import { writeDurably } from './data-folder.ts';

interface Start {
  /** Epoch ms. */
  readonly at: number;
  /** Absent: it was killed, it failed, or it runs. */
  readonly endedAt?: number | undefined;
}

const keptStarts = 20;
const recentMs = 600_000;
/** So many ends that nobody asked for, that recently, are a loop. */
const loopEnds = 3;

export class StartBook {
  readonly #file: string;
  readonly #earlier: readonly Start[];
  readonly #startedAt: number;

  /** Writes down that the hub starts now. @param nowMs epoch ms */
  constructor(dataFolder: string, nowMs: number) {
    this.#file = join(dataFolder, 'starts.json');
    this.#earlier = readStarts(this.#file).slice(1 - keptStarts);
    this.#startedAt = nowMs;
    this.#write({ at: nowMs });
  }

  /** The hub has stopped because it was asked to. */
  ended(nowMs: number): void {
    this.#write({ at: this.#startedAt, endedAt: nowMs });
  }

  /** As of this start. */
  status(): StartsStatus {
    const recent = this.#earlier.filter(({ at }) => at > this.#startedAt - recentMs);
    const unclean = recent.filter(({ endedAt }) => endedAt === undefined).length;
    return { recent: recent.length + 1, uncleanEnds: unclean, looping: unclean >= loopEnds };
  }

  #write(present: Start): void {
    writeDurably(this.#file, `${JSON.stringify([...this.#earlier, present])}\n`);
  }
}

/** A file that is not there, or that somebody broke, tells nothing: the hub starts all the same. */
function readStarts(file: string): readonly Start[] {
  try {
    const starts = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    return Array.isArray(starts) ? starts.filter(isStart) : [];
  } catch {
    return [];
  }
}

function isStart(value: unknown): value is Start {
  return typeof value === 'object' && value !== null && typeof (value as Start).at === 'number';
}
