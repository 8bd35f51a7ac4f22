/**
 * What one connection has sent and nobody has read yet: frames as they came, read in their order when it is the
 * connection's turn. Waiting, they cost their text alone; read at once, hundreds would be parsed, checked and kept alive.
 */

/** Who decides when waiting work is done: now or later, but never while other work of theirs is being done. */
export interface Turns {
  /** @param work a piece of it; returns whether there is more, which is then done in this turn or a later one */
  take(connection: object, work: () => boolean): void;
}

export interface Pace {
  readonly turns: Turns;
  /** The connection ended before so many frames were read. */
  readonly onUnread?: (frames: number) => void;
}

/** More than this does not wait: the oldest are read, whoever's turn it is. */
const mostBytes = 64 * 1024;
/** What a frame takes beside its text. */
const bytesPerFrame = 64;

export class PacedIntake {
  readonly #pace: Pace;
  readonly #read: (frame: unknown) => void;
  #frames: unknown[] = [];
  #bytes = 0;
  #hasAsked = false;

  /** @param read throws nothing; may close this */
  constructor(pace: Pace, read: (frame: unknown) => void) {
    this.#pace = pace;
    this.#read = read;
  }

  add(frame: unknown): void {
    this.#frames.push(frame);
    this.#bytes += bytesOf(frame);
    while (this.#bytes > mostBytes) this.#readNext();
    if (this.#hasAsked || this.#frames.length === 0) return;
    this.#hasAsked = true;
    this.#pace.turns.take(this, () => (this.#hasAsked = this.#readNext()));
  }

  /** Nothing that waits is read any more. */
  close(): void {
    const unread = this.#frames.length;
    this.#frames = [];
    this.#bytes = 0;
    if (unread > 0) this.#pace.onUnread?.(unread);
  }

  /** @returns whether there are more */
  #readNext(): boolean {
    if (this.#frames.length === 0) return false;
    // At once, not when all are read: of a client that always has another waiting nothing would ever be let go.
    const frame = this.#frames.shift();
    this.#bytes -= bytesOf(frame);
    this.#read(frame);
    return this.#frames.length > 0;
  }
}

/** Characters for bytes: the bound is a bound, not an account. */
function bytesOf(frame: unknown): number {
  const { length = 0 } = frame as { readonly length?: number };
  return length + bytesPerFrame;
}
