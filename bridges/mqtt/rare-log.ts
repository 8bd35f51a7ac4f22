/** A log that a hostile peer cannot fill: of each kind of warning a few a minute are written, the others are counted. */
import type { Clock, Log } from '#ports';

const windowMs = 60_000;
const linesPerWindow = 10;

export class RareLog implements Log {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #written = new Map<string, { lines: number; more: number }>();

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  debug(message: string, facts?: object): void {
    this.#log.debug(message, facts);
  }

  info(message: string, facts?: object): void {
    this.#log.info(message, facts);
  }

  /** Messages are literals of the code, so there are few kinds. */
  warn(message: string, facts?: object): void {
    const window = this.#written.get(message) ?? this.#open(message);
    window.lines += 1;
    if (window.lines <= linesPerWindow) this.#log.warn(message, facts);
    else window.more += 1;
  }

  error(message: string, facts?: object): void {
    this.#log.error(message, facts);
  }

  #open(message: string): { lines: number; more: number } {
    const window = { lines: 0, more: 0 };
    this.#written.set(message, window);
    this.#clock.after(windowMs, () => {
      this.#written.delete(message);
      if (window.more > 0) this.#log.warn(message, { andMoreOfThese: window.more });
    });
    return window;
  }
}
