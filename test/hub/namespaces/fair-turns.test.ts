import { describe, expect, test } from 'vitest';
import { FairTurns } from '../../../hub/namespaces/fair-turns.ts';
import { settle } from '../../support/commits.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function setup() {
  const clock = new ManualClock();
  const turns: (() => void)[] = [];
  const pausesMs: number[] = [];
  const fair = new FairTurns(clock, (ms) => {
    pausesMs.push(ms);
    return new Promise<void>((resolve) => turns.push(resolve));
  });
  const done: string[] = [];
  /** A piece of work that takes half a millisecond. */
  const take = (connection: object, name: string): void =>
    fair.take(connection, () => {
      clock.advance(0.5);
      done.push(name);
    });
  const nextTurn = async (): Promise<void> => {
    turns.shift()?.();
    await settle();
  };
  return { clock, fair, pausesMs, done, take, nextTurn, turns };
}

describe('Work in turns', () => {
  test('is done at once while the slice has time left', () => {
    const { done, take } = setup();
    take({}, 'a');
    take({}, 'b');
    expect(done).toEqual(['a', 'b']);
  });

  test('is a slice at a time, with a pause for what else happens', async () => {
    const { pausesMs, done, take, nextTurn } = setup();
    const one = {};
    for (const name of ['a', 'b', 'c', 'd', 'e']) take(one, name);
    expect(done).toHaveLength(2);
    await nextTurn();
    expect(done).toHaveLength(4);
    await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(pausesMs).toEqual([0, 0]);
  });

  test('is a twelfth of the time where it goes on; the first of it after a rest is not held up', async () => {
    const clock = new ManualClock();
    const fair = new FairTurns(clock, async (ms) => clock.advance(Math.max(0.1, ms)));
    /** How long it takes to do so many pieces of a millisecond. */
    const takes = async (pieces: number): Promise<number> => {
      const startMs = clock.monotonicMs();
      const all = Promise.withResolvers<void>();
      let left = pieces;
      fair.take({}, () => {
        clock.advance(1);
        left -= 1;
        if (left === 0) all.resolve();
        return left > 0;
      });
      await all.promise;
      return clock.monotonicMs() - startMs;
    };
    expect(await takes(40)).toBeLessThan(50);
    const further = await takes(60);
    expect(further).toBeGreaterThan(10 * 60);
    expect(further).toBeLessThan(13 * 60);
    clock.advance(60_000);
    expect(await takes(40)).toBeLessThan(50);
  });

  test('a piece that took long, for whatever reason, holds up the next for 25 ms at most', async () => {
    const { clock, fair, pausesMs, take, nextTurn } = setup();
    fair.take({}, () => clock.advance(500));
    take({}, 'next');
    await nextTurn();
    await nextTurn();
    expect(Math.max(...pausesMs)).toBeCloseTo(25);
  });

  test('goes round: who asks for much waits for who asks for little', async () => {
    const { done, take, nextTurn } = setup();
    const [greedy, modest] = [{}, {}];
    for (const name of ['a', 'b', 'c', 'd', 'e']) take(greedy, name);
    take(modest, 'x');
    await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'x']);
    await nextTurn();
    expect(done.slice(4)).toEqual(['d', 'e']);
  });

  test('who comes later does not overtake who waits', async () => {
    const { done, take, nextTurn } = setup();
    const one = {};
    for (const name of ['a', 'b', 'c']) take(one, name);
    take({}, 'late');
    expect(done).toEqual(['a', 'b']);
    await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'late']);
  });

  test('an idle one asks for no further slices', async () => {
    const { take, nextTurn, turns } = setup();
    take({}, 'a');
    await nextTurn();
    expect(turns).toEqual([]);
  });

  test('a turn is half a millisecond of one connection: its small pieces are done together', async () => {
    const { clock, fair, done, nextTurn, take } = setup();
    const [one, other] = [{}, {}];
    take({}, 'first');
    take({}, 'second');
    for (const connection of [one, other]) {
      let left = 3;
      fair.take(connection, () => {
        clock.advance(0.25);
        done.push(connection === one ? 'one' : 'other');
        return (left -= 1) > 0;
      });
    }
    await nextTurn();
    expect(done.slice(2)).toEqual(['one', 'one', 'other', 'other']);
    await nextTurn();
    expect(done.slice(6)).toEqual(['one', 'other']);
  });

  test('what is asked for within a turn is part of it', async () => {
    const { clock, fair, done, nextTurn, take } = setup();
    for (const name of ['a', 'b', 'c']) take({}, name);
    const outer = {};
    fair.take(outer, () => {
      done.push('begin');
      fair.take(outer, () => {
        clock.advance(0.5);
        done.push('within');
      });
      done.push('end');
    });
    await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'begin', 'within', 'end']);
  });

  test('work with more to do than a slice goes on in the next', async () => {
    const { clock, fair, done, nextTurn } = setup();
    let left = 5;
    fair.take({}, () => {
      clock.advance(0.5);
      done.push(String(left));
      return (left -= 1) > 0;
    });
    expect(done).toEqual(['5']);
    await nextTurn();
    expect(done).toEqual(['5', '4', '3']);
    await nextTurn();
    expect(done).toEqual(['5', '4', '3', '2', '1']);
  });
});
