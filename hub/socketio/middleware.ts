/**
 * Runs middlewares one after the other until one of them refuses.
 */
export type Middleware<Subject, Refusal extends Error = Error> = (
  subject: Subject,
  next: (error?: Refusal) => void,
) => unknown;

/** Calls `done` once, with the error of the first middleware that gave one. Synchronous if the middlewares are. */
export function runMiddlewares<Subject, Refusal extends Error>(
  middlewares: readonly Middleware<Subject, Refusal>[],
  subject: Subject,
  done: (error?: Refusal) => void,
): void {
  // A copy: middlewares added meanwhile are for the next subject.
  const queue = middlewares.slice();
  const step = (at: number): void => {
    const middleware = queue[at];
    if (middleware === undefined) {
      done();
      return;
    }
    middleware(subject, (error) => {
      if (error) done(error);
      else step(at + 1);
    });
  };
  step(0);
}
