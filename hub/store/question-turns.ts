/**
 * Long questions in turns: each works for a slice, and the one that has worked least goes on. So a short question is
 * answered soon, whatever others have asked. Knows no thread and no database; time comes in.
 */

/** Stops where it may be interrupted. */
export type Steps = Generator<undefined, unknown, undefined>;

export interface Question {
  /** Called once, when its first turn comes. What it holds it lets go of when it ends or is stopped. */
  begin(): Steps;
  answered(value: unknown): void;
  refused(error: unknown): void;
}

export interface TurnsOptions {
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Runs what is due in between, then the work. */
  readonly later: (work: () => void) => void;
  readonly sliceMs: number;
  /** So many are under way at once; further ones wait. */
  readonly together: number;
  /** Nobody waits for an answer any longer. */
  readonly deadlineMs: number;
}

interface Asked {
  readonly question: Question;
  readonly sinceMs: number;
}

interface UnderWay extends Asked {
  readonly steps: Steps;
  workedMs: number;
}

export class QuestionTurns {
  readonly #options: TurnsOptions;
  readonly #underWay = new Set<UnderWay>();
  readonly #waiting: Asked[] = [];
  #isDue = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Its first turn comes at once, if there is room: most questions need no other. */
  ask(question: Question): void {
    const asked = { question, sinceMs: this.#options.nowMs() };
    if (this.#underWay.size < this.#options.together) this.#start(asked);
    else this.#waiting.push(asked);
  }

  /** Refuses whatever is not answered. */
  stop(error: Error): void {
    for (const { question } of this.#waiting.splice(0)) question.refused(error);
    for (const each of this.#underWay) this.#refuse(each, error);
  }

  #start(asked: Asked): void {
    if (this.#isOverdue(asked)) return asked.question.refused(tooLong());
    try {
      const steps = asked.question.begin();
      const begun = { ...asked, steps, workedMs: 0 };
      this.#underWay.add(begun);
      this.#work(begun);
    } catch (error) {
      asked.question.refused(error);
    }
  }

  #work(one: UnderWay): void {
    const beginMs = this.#options.nowMs();
    try {
      for (let workedMs = 0; workedMs < this.#options.sliceMs; workedMs = this.#options.nowMs() - beginMs) {
        const step = one.steps.next();
        if (step.done !== true) continue;
        this.#underWay.delete(one);
        one.question.answered(step.value);
        return this.#goOn();
      }
      one.workedMs += this.#options.nowMs() - beginMs;
      if (this.#isOverdue(one)) this.#refuse(one, tooLong());
    } catch (error) {
      this.#refuse(one, error);
    }
    this.#goOn();
  }

  #refuse(one: UnderWay, error: unknown): void {
    this.#underWay.delete(one);
    try {
      one.steps.return(undefined);
    } finally {
      one.question.refused(error);
    }
  }

  #goOn(): void {
    if (this.#isDue || this.#underWay.size + this.#waiting.length === 0) return;
    this.#isDue = true;
    this.#options.later(() => {
      this.#isDue = false;
      this.#turn();
    });
  }

  /** Of those that have worked as little, the one that came last. */
  #turn(): void {
    const next = this.#underWay.size < this.#options.together ? this.#waiting.shift() : undefined;
    if (next !== undefined) this.#start(next);
    let least: UnderWay | undefined;
    for (const each of this.#underWay)
      if (least === undefined || each.workedMs <= least.workedMs) least = each;
    if (least === undefined) this.#goOn();
    else this.#work(least);
  }

  #isOverdue({ sinceMs }: Asked): boolean {
    return this.#options.nowMs() - sinceMs >= this.#options.deadlineMs;
  }
}

function tooLong(): Error {
  return new Error('it takes too long');
}
