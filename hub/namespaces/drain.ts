/**
 * How fast one client takes what it is sent. What the kernel has accepted may still wait there, or in the network, for
 * minutes; a pong proves that everything before its ping was read. So a client may be ahead of what it has confirmed
 * by an allowance, which follows how long its pongs take: what it sees stays about a second old on any line.
 */
import type { Socket } from '#socketio';

/** Unsent bytes above which nothing more is added, whatever the line; caught up when a quarter is left. */
const unsentBytes = 64 * 1024;
const leastBytes = 4 * 1024;
const firstBytes = 16 * 1024;
const mostBytes = 1024 * 1024;
/** A pong within this time is quick, however much was under way; one that takes longer than that is too late. */
const quickMs = 250;
const lateMs = 1500;
/** The allowance is what a line takes in this time. */
const aheadMs = 1000;
/** A busy line is asked this often; one that has answered quickly so far, more and more seldom: each answer costs a read. */
const askEveryMs = { least: 2000, most: 8000 } as const;

/** What is asked of the connection below; engines of others tell less, and then only unsent bytes count. */
export type Line = Pick<
  Socket['conn'],
  'bufferedBytes' | 'unconfirmedBytes' | 'pingAgeMs' | 'roundTripMs' | 'probe'
>;

/** Runs an action once the event loop has read everything that was there when it was asked to. */
type AfterTurn = (action: () => void) => void;
const afterTurn: AfterTurn = (action) => void setImmediate(() => setImmediate(action));

export class Drain {
  readonly #line: Line;
  readonly #afterTurn: AfterTurn;
  /** Of the pong under way. A hub that was busy has not read yet what came meanwhile: late is what is so a turn later. */
  #lateness: 'none' | 'suspected' | 'found' = 'none';
  #allowanceBytes = firstBytes;
  /** Under way when the client was last asked; undefined once the answer was learnt from. */
  #askedBytes: number | undefined;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #askEveryMs: number = askEveryMs.least;

  constructor(line: Line, turn: AfterTurn = afterTurn) {
    this.#line = line;
    this.#afterTurn = turn;
  }

  /** Whether a frame may be sent now. */
  keepsUp(nowMs: number): boolean {
    const { bufferedBytes = 0, unconfirmedBytes = 0 } = this.#line;
    if (bufferedBytes > unsentBytes) return false;
    this.#learn();
    if (unconfirmedBytes <= leastBytes) return true;
    const isDue = unconfirmedBytes > this.#allowanceBytes / 2 || nowMs - this.#askedAtMs > this.#askEveryMs;
    // Nearly always: the last question was answered, and the next is not due.
    if (!isDue && this.#askedBytes === undefined) return true;
    if (isDue) this.#ask(nowMs, unconfirmedBytes);
    if (unconfirmedBytes <= this.#allowanceBytes) return !this.#isLate(lateMs);
    // A line that was not found slow yet has a moment to answer.
    return this.#allowanceBytes >= firstBytes && !this.#isLate(quickMs);
  }

  #isLate(limitMs: number): boolean {
    const { pingAgeMs = 0 } = this.#line;
    if (pingAgeMs < limitMs) this.#lateness = 'none';
    else if (this.#lateness === 'none') {
      this.#lateness = 'suspected';
      this.#afterTurn(() => {
        if (this.#lateness === 'suspected') this.#lateness = 'found';
      });
    }
    return this.#lateness === 'found';
  }

  /** Whether a client that did not keep up may be sent frames again. */
  hasCaughtUp(nowMs: number): boolean {
    const { bufferedBytes = 0, unconfirmedBytes = 0, pingAgeMs } = this.#line;
    if (bufferedBytes > unsentBytes / 4) return false;
    this.#learn();
    if (pingAgeMs === undefined && unconfirmedBytes <= this.#allowanceBytes / 2) return true;
    this.#ask(nowMs, unconfirmedBytes);
    return false;
  }

  #ask(nowMs: number, unconfirmedBytes: number): void {
    if (this.#line.probe === undefined || this.#line.pingAgeMs !== undefined) return;
    this.#askedBytes = unconfirmedBytes;
    this.#askedAtMs = nowMs;
    this.#line.probe();
  }

  /** From the answer to the last question, once it is there. */
  #learn(): void {
    if (this.#askedBytes === undefined) return;
    const { pingAgeMs, roundTripMs } = this.#line;
    if (pingAgeMs !== undefined || roundTripMs === undefined) return;
    const taken = (this.#askedBytes * aheadMs) / roundTripMs;
    // A quick answer to little says only that the line carries at least so much.
    const floor = roundTripMs > aheadMs ? leastBytes : this.#allowanceBytes;
    this.#allowanceBytes = Math.min(mostBytes, Math.max(floor, taken));
    this.#askedBytes = undefined;
    this.#askEveryMs =
      roundTripMs < quickMs ? Math.min(askEveryMs.most, this.#askEveryMs * 2) : askEveryMs.least;
  }
}
