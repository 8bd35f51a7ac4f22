/**
 * Middleware in the style of Express, for polling requests and upgrades alike.
 * Each runs once; a second `next()` means nothing; what it throws or rejects with counts as an error.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => unknown;

/** Runs them in order; `done` gets the first error, or nothing. One that never calls `next` answered the request itself. */
export function applyMiddlewares(
  middlewares: readonly Middleware[],
  request: IncomingMessage,
  response: ServerResponse,
  done: (error?: unknown) => void,
): void {
  const run = (index: number): void => {
    const middleware = middlewares[index];
    if (middleware === undefined) return done();
    let called = false;
    const next = (error?: unknown): void => {
      if (called) return;
      called = true;
      if (error) done(error);
      else run(index + 1);
    };
    callOne(middleware, request, response, next);
  };
  run(0);
}

/** A rejection counts as an error; that it resolves says nothing, `next` does. */
async function passOnRejection(result: Promise<unknown>, next: (error: unknown) => void): Promise<void> {
  try {
    await result;
  } catch (error) {
    next(error ?? new Error('The middleware rejected.'));
  }
}

function callOne(
  middleware: Middleware,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
): void {
  try {
    const result = middleware(request, response, next);
    if (result instanceof Promise) void passOnRejection(result, next);
  } catch (error) {
    next(error ?? new Error('The middleware threw.'));
  }
}
