/**
 * Calls of one connection in the next tick, in their order: what came in one go takes one callback of Node.js, not one
 * for each packet. A call that throws keeps none of the others: they follow in a tick of their own.
 */
type Call = (target: never, value: never) => void;

/** Function, target, value; and again. */
type Calls = unknown[];
const partsOfCall = 3;

export class Ticks {
  #calls: Calls = [];

  add<Target, Value>(call: (target: Target, value: Value) => void, target: Target, value: Value): void {
    if (this.#calls.length === 0) process.nextTick(run, this);
    this.#calls.push(call, target, value);
  }

  run(): void {
    const calls = this.#calls;
    // What is added from here on has a tick of its own, behind these.
    this.#calls = [];
    let at = 0;
    try {
      while (at < calls.length) {
        at += partsOfCall;
        (calls[at - 3] as Call)(calls[at - 2] as never, calls[at - 1] as never);
      }
    } finally {
      if (at < calls.length) this.#again(calls.slice(at));
    }
  }

  /** Before the tick, for a caller who has more to do: what a call throws is thrown in a tick of its own. */
  runNow(): void {
    try {
      this.run();
    } catch (error) {
      process.nextTick(raise, error);
    }
  }

  #again(calls: Calls): void {
    if (this.#calls.length === 0) process.nextTick(run, this);
    this.#calls = [...calls, ...this.#calls];
  }
}

function run(ticks: Ticks): void {
  ticks.run();
}

function raise(error: unknown): never {
  throw error;
}
