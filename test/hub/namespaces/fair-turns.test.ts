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
  /** A piece of work that takes a millisecond. */
  const take = (connection: object, name: string): void =>
    fair.take(connection, () => {
      clock.advance(1);
      done.push(name);
    });
  const nextTurn = async (): Promise<void> => {
    turns.shift()?.();
    await settle();
  };
  return { pausesMs, done, take, nextTurn, turns };
}

describe('Work in turns', () => {
  test('is done at once while the slice has time left', () => {
    const { done, take } = setup();
    take({}, 'a');
    take({}, 'b');
    expect(done).toEqual(['a', 'b']);
  });

  test('is a slice at a time: what else happens has four times as long between', async () => {
    const { pausesMs, done, take, nextTurn } = setup();
    const one = {};
    for (const name of ['a', 'b', 'c', 'd', 'e']) take(one, name);
    expect(done).toHaveLength(2);
    await nextTurn();
    expect(done).toHaveLength(4);
    await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(pausesMs).toEqual([4, 8]);
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
});
