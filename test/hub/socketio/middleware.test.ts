import { describe, expect, test } from 'vitest';
import { runMiddlewares, type Middleware } from '../../../hub/socketio/middleware.ts';

function outcome(middlewares: Middleware<string>[], report?: (error: unknown) => void): unknown[] {
  const outcomes: unknown[] = [];
  runMiddlewares({
    middlewares,
    subject: 'x',
    done: (error) => outcomes.push(error?.message ?? 'in'),
    report,
  });
  return outcomes;
}

const twice: Middleware<string> = (_subject, next) => {
  next();
  next(new Error('again'));
};

function fail(): never {
  throw new Error('mine');
}

describe('middlewares', () => {
  test('run in order, at once', () => {
    const seen: number[] = [];
    const push =
      (n: number): Middleware<string> =>
      (_subject, next) => {
        seen.push(n);
        next();
      };
    expect(outcome([push(1), push(2)])).toEqual(['in']);
    expect(seen).toEqual([1, 2]);
  });

  test('none let everyone in', () => {
    expect(outcome([])).toEqual(['in']);
  });

  test('the first error is the outcome', () => {
    expect(outcome([(_subject, next) => next(new Error('no')), () => expect.unreachable()])).toEqual(['no']);
  });

  test('calling next twice means nothing', () => {
    expect(outcome([twice, twice])).toEqual(['in']);
  });

  test('one that throws refuses, if that is reported, and is uncaught otherwise', () => {
    const reported: unknown[] = [];
    expect(outcome([fail], (error) => reported.push(error))).toEqual(['internal error']);
    expect(reported).toMatchObject([{ message: 'mine' }]);
    expect(() => outcome([fail])).toThrow('mine');
  });
});
