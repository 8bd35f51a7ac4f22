/**
 * Runs middlewares one after the other until one of them refuses.
 */
import { callGuarded } from './listener-guard.ts';

export type Middleware<Subject, Refusal extends Error = Error> = (
  subject: Subject,
  next: (error?: Refusal) => void,
) => unknown;

export interface MiddlewareRun<Subject, Refusal extends Error> {
  readonly middlewares: readonly Middleware<Subject, Refusal>[];
  readonly subject: Subject;
  /** Called once, with the error of the first middleware that gave one; at once if the middlewares are synchronous. */
  readonly done: (error?: Refusal) => void;
  /** Told when a middleware throws or rejects, which then refuses; `undefined`: that is uncaught. */
  readonly report: ((error: unknown) => void) | undefined;
}

export function runMiddlewares<Subject, Refusal extends Error>(run: MiddlewareRun<Subject, Refusal>): void {
  const { subject, done, report } = run;
  if (run.middlewares.length === 0) {
    done();
    return;
  }
  // A copy: middlewares added meanwhile are for the next subject.
  const queue = run.middlewares.slice();
  const step = (at: number): void => {
    const middleware = queue[at];
    if (middleware === undefined) {
      done();
      return;
    }
    let isCalled = false;
    const next = (error?: Refusal): void => {
      if (isCalled) return;
      isCalled = true;
      if (error) done(error);
      else step(at + 1);
    };
    if (report === undefined) {
      middleware(subject, next);
      return;
    }
    callGuarded(middleware, undefined, [subject, next], (error) => {
      report(error);
      // What went wrong is not the client's business.
      next(new Error('internal error') as Refusal);
    });
  };
  step(0);
}
