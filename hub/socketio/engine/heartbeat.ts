/**
 * The heartbeat of all sessions of an engine: one list of those waiting for their next ping, one of those
 * that owe a pong, and one timer for each list.
 * Spec: Engine.IO protocol v4, "Heartbeat": the server pings.
 */

/** Time, as the engine sees it. */
export interface EngineClock {
  /** Milliseconds; only differences mean something. */
  nowMs(): number;
  /** Runs `action` later; the function returned prevents that. Does not keep the process alive. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: EngineClock = {
  nowMs: () => performance.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A timer of Node.js that is to wait longer does not wait at all. */
const longestTimerMs = 2 ** 31 - 1;

/** What waits in a list of deadlines; the links are the list's own. */
export interface Scheduled {
  dueAtMs: number;
  dueIn: DeadlineList | undefined;
  dueBefore: Scheduled | undefined;
  dueAfter: Scheduled | undefined;
}

/** Who gets pings. */
export interface Heartbeating extends Scheduled {
  ping(): void;
  pingTimedOut(): void;
}

/** Entries in the order of their deadlines. All wait about equally long, so each is added at the end. */
export class DeadlineList {
  readonly #clock: EngineClock;
  readonly #onDue: (entry: Scheduled) => void;
  #first: Scheduled | undefined;
  #last: Scheduled | undefined;
  #cancelTimer: (() => void) | undefined;
  #timerAtMs = Infinity;

  constructor(clock: EngineClock, onDue: (entry: Scheduled) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  add(entry: Scheduled, delayMs: number): void {
    entry.dueIn?.remove(entry);
    entry.dueAtMs = this.#clock.nowMs() + delayMs;
    entry.dueIn = this;
    let before = this.#last;
    while (before !== undefined && before.dueAtMs > entry.dueAtMs) before = before.dueBefore;
    this.#insertAfter(before, entry);
    // A timer that is early finds nothing due and waits again: cheaper than one for each first entry.
    if (entry.dueAtMs < this.#timerAtMs) this.#rearm();
  }

  remove(entry: Scheduled): void {
    if (entry.dueIn !== this) return;
    if (entry.dueBefore === undefined) this.#first = entry.dueAfter;
    else entry.dueBefore.dueAfter = entry.dueAfter;
    if (entry.dueAfter === undefined) this.#last = entry.dueBefore;
    else entry.dueAfter.dueBefore = entry.dueBefore;
    entry.dueIn = undefined;
    entry.dueBefore = undefined;
    entry.dueAfter = undefined;
  }

  #insertAfter(before: Scheduled | undefined, entry: Scheduled): void {
    const after = before === undefined ? this.#first : before.dueAfter;
    entry.dueBefore = before;
    entry.dueAfter = after;
    if (before === undefined) this.#first = entry;
    else before.dueAfter = entry;
    if (after === undefined) this.#last = entry;
    else after.dueBefore = entry;
  }

  #rearm(): void {
    this.#disarm();
    if (this.#first === undefined) return;
    const waitMs = Math.floor(this.#first.dueAtMs - this.#clock.nowMs());
    const delayMs = Math.min(Math.max(1, waitMs), longestTimerMs);
    this.#timerAtMs = this.#first.dueAtMs;
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#fire());
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#timerAtMs = Infinity;
  }

  #fire(): void {
    this.#cancelTimer = undefined;
    this.#timerAtMs = Infinity;
    // Timers count whole milliseconds: one more wait for a fraction would end a silent peer late.
    const soonMs = this.#clock.nowMs() + 1;
    while (this.#first !== undefined && this.#first.dueAtMs < soonMs) {
      const due = this.#first;
      this.remove(due);
      this.#onDue(due);
    }
    if (this.#cancelTimer === undefined) this.#rearm();
  }
}

type PendingAction = Scheduled & { readonly run: () => void };

/** Actions after one and the same delay, on one timer: nearly all are called off long before. */
export class DelayedActions {
  readonly #delayMs: number;
  readonly #list: DeadlineList;

  constructor(delayMs: number, clock: EngineClock) {
    this.#delayMs = delayMs;
    this.#list = new DeadlineList(clock, (pending) => (pending as PendingAction).run());
  }

  /** The function returned calls it off. */
  add(run: () => void): () => void {
    const pending: PendingAction = {
      run,
      dueAtMs: 0,
      dueIn: undefined,
      dueBefore: undefined,
      dueAfter: undefined,
    };
    this.#list.add(pending, this.#delayMs);
    return () => this.#list.remove(pending);
  }
}

export interface HeartbeatTimes {
  readonly pingInterval: number;
  readonly pingTimeout: number;
}

export class Heartbeat {
  readonly #clock: EngineClock;
  readonly #times: HeartbeatTimes;
  readonly #awaitingPing: DeadlineList;
  readonly #awaitingPong: DeadlineList;

  /** `times` is read each time, in milliseconds. */
  constructor(times: HeartbeatTimes, clock: EngineClock) {
    this.#clock = clock;
    this.#times = times;
    this.#awaitingPing = new DeadlineList(clock, (session) => this.pingNow(session as Heartbeating));
    this.#awaitingPong = new DeadlineList(clock, (session) => (session as Heartbeating).pingTimedOut());
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  /** From the opening of a session, and from each pong. */
  schedulePing(session: Heartbeating): void {
    this.#awaitingPing.add(session, this.#times.pingInterval);
  }

  /** Something else arrived while a pong is due: the peer lives, its pong may be behind much data. */
  extend(session: Heartbeating): void {
    this.#awaitingPong.add(session, this.#times.pingTimeout);
  }

  isAwaitingPong(session: Heartbeating): boolean {
    return session.dueIn === this.#awaitingPong;
  }

  stop(session: Heartbeating): void {
    session.dueIn?.remove(session);
  }

  /** Out of turn, or because its turn has come. */
  pingNow(session: Heartbeating): void {
    this.#awaitingPong.add(session, this.#times.pingTimeout);
    session.ping();
  }
}
