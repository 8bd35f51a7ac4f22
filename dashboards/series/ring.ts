/**
 * One series as typed arrays: time, smallest, largest, mean and count per point, oldest first, never more than
 * `capacity` points: the oldest go. With a bucket width, readings merge into the bucket of their time, so that
 * history and live meet in one resolution; without, every reading is a point.
 */
export interface RingOptions {
  readonly capacity: number;
  /** Bucket width in ms; 0 = raw points. */
  readonly bucketMs?: number;
  /** Where bucket boundaries lie: any bucket's start, epoch ms. */
  readonly anchorMs?: number;
}

/** How many recent readings are remembered to recognise one that comes twice. */
const recentKept = 64;

export class SeriesRing {
  readonly capacity: number;
  readonly bucketMs: number;
  readonly #anchorMs: number;
  readonly #time: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #mean: Float64Array;
  readonly #count: Uint32Array;
  readonly #recentTime = new Float64Array(recentKept);
  readonly #recentValue = new Float64Array(recentKept);
  #recentNext = 0;
  #first = 0;
  #length = 0;
  #version = 0;

  constructor(options: RingOptions) {
    this.capacity = options.capacity;
    this.bucketMs = options.bucketMs ?? 0;
    this.#anchorMs = options.anchorMs ?? 0;
    this.#time = new Float64Array(this.capacity);
    this.#min = new Float64Array(this.capacity);
    this.#max = new Float64Array(this.capacity);
    this.#mean = new Float64Array(this.capacity);
    this.#count = new Uint32Array(this.capacity);
    this.#recentTime.fill(Number.NaN);
  }

  get length(): number {
    return this.#length;
  }

  /** Grows with every change: what was drawn from version n is stale when it is more. */
  get version(): number {
    return this.#version;
  }

  timeAt(index: number): number {
    return this.#time[this.#slot(index)] ?? Number.NaN;
  }

  minAt(index: number): number {
    return this.#min[this.#slot(index)] ?? Number.NaN;
  }

  maxAt(index: number): number {
    return this.#max[this.#slot(index)] ?? Number.NaN;
  }

  meanAt(index: number): number {
    return this.#mean[this.#slot(index)] ?? Number.NaN;
  }

  /** How many readings the point stands for. */
  countAt(index: number): number {
    return this.#count[this.#slot(index)] ?? 0;
  }

  /** Adds one point of history as it is. Points of one time replace each other. */
  addPoint(point: { timeMs: number; min: number; max: number; mean: number; count: number }): void {
    const index = this.#place(point.timeMs);
    if (index === undefined) return;
    this.#write(index, point);
    this.#version += 1;
  }

  /** Adds one live reading. The same reading again changes nothing. */
  addReading(timeMs: number, value: number): void {
    if (this.#isRecent(timeMs, value)) return;
    this.remember(timeMs, value);
    const start = this.#startOf(timeMs);
    const found = this.#search(start);
    const exists = found < this.#length && this.timeAt(found) === start;
    const index = exists ? found : this.#place(start);
    if (index === undefined) return;
    if (exists && this.bucketMs > 0) this.#mergeInto(index, value);
    else this.#write(index, { timeMs: start, min: value, max: value, mean: value, count: 1 });
    this.#version += 1;
  }

  /** Marks a reading that history already holds, so that its live twin is not counted again. */
  remember(timeMs: number, value: number): void {
    this.#recentTime[this.#recentNext] = timeMs;
    this.#recentValue[this.#recentNext] = value;
    this.#recentNext = (this.#recentNext + 1) % recentKept;
  }

  clear(): void {
    this.#first = 0;
    this.#length = 0;
    this.#version += 1;
  }

  /** The index of the first point at or after `timeMs`. */
  indexOf(timeMs: number): number {
    return this.#search(timeMs);
  }

  #startOf(timeMs: number): number {
    if (this.bucketMs === 0) return timeMs;
    return this.#anchorMs + Math.floor((timeMs - this.#anchorMs) / this.bucketMs) * this.bucketMs;
  }

  #isRecent(timeMs: number, value: number): boolean {
    for (let index = 0; index < recentKept; index += 1) {
      if (this.#recentTime[index] === timeMs && this.#recentValue[index] === value) return true;
    }
    return false;
  }

  #slot(index: number): number {
    return (this.#first + index) % this.capacity;
  }

  #search(timeMs: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeAt(middle) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes room for a point of this time; undefined when it is older than everything a full ring keeps. */
  #place(timeMs: number): number | undefined {
    let index = this.#search(timeMs);
    if (index < this.#length && this.timeAt(index) === timeMs) return index;
    if (this.#length === this.capacity) {
      if (index === 0) return undefined;
      this.#first = this.#slot(1);
      index -= 1;
    } else {
      this.#length += 1;
    }
    for (let at = this.#length - 1; at > index; at -= 1) this.#copy(at - 1, at);
    return index;
  }

  #copy(from: number, to: number): void {
    const source = this.#slot(from);
    const target = this.#slot(to);
    for (const column of [this.#time, this.#min, this.#max, this.#mean, this.#count]) {
      column[target] = column[source] ?? 0;
    }
  }

  #write(
    index: number,
    point: { timeMs: number; min: number; max: number; mean: number; count: number },
  ): void {
    const slot = this.#slot(index);
    this.#time[slot] = point.timeMs;
    this.#min[slot] = point.min;
    this.#max[slot] = point.max;
    this.#mean[slot] = point.mean;
    this.#count[slot] = point.count;
  }

  #mergeInto(index: number, value: number): void {
    const slot = this.#slot(index);
    const count = (this.#count[slot] ?? 0) + 1;
    const mean = this.#mean[slot] ?? 0;
    this.#min[slot] = Math.min(this.#min[slot] ?? value, value);
    this.#max[slot] = Math.max(this.#max[slot] ?? value, value);
    this.#mean[slot] = mean + (value - mean) / count;
    this.#count[slot] = count;
  }
}
