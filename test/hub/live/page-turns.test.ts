import { describe, expect, test } from 'vitest';
import { PageTurns } from '../../../hub/live/page-turns.ts';
import { settle } from '../../support/commits.ts';

function setup() {
  const turns: (() => void)[] = [];
  const pages = new PageTurns(() => new Promise<void>((resolve) => turns.push(resolve)));
  const went: string[] = [];
  const read = async (name: string, share = 0.5): Promise<void> => {
    await pages.take(share);
    went.push(name);
  };
  const nextTurn = async (): Promise<void> => {
    turns.shift()?.();
    await settle();
  };
  return { pages, turns, went, read, nextTurn };
}

describe('Readers of one page', () => {
  test('alone, one does not wait', () => {
    const { pages } = setup();
    expect([pages.take(0.5), pages.take(0.5)]).toEqual([undefined, undefined]);
    expect(pages.take(0.5)).toBeInstanceOf(Promise);
  });

  test('go on a few in each turn, in their order', async () => {
    const { went, read, nextTurn } = setup();
    for (const name of ['a', 'b', 'c', 'd', 'e']) void read(name);
    await settle();
    expect(went).toEqual(['a', 'b']);
    await nextTurn();
    expect(went).toEqual(['a', 'b', 'c', 'd']);
    await nextTurn();
    expect(went).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('one with much to do has a turn for itself', async () => {
    const { went, read, nextTurn } = setup();
    for (const name of ['a', 'b', 'c']) void read(name, 1);
    await settle();
    expect(went).toEqual(['a']);
    await nextTurn();
    expect(went).toEqual(['a', 'b']);
    await nextTurn();
    expect(went).toEqual(['a', 'b', 'c']);
  });

  test('who comes later does not overtake, and once nobody waits no turn is asked for', async () => {
    const { turns, went, read, nextTurn } = setup();
    for (const name of ['a', 'b', 'c']) void read(name, 1);
    await nextTurn();
    void read('late', 1);
    await nextTurn();
    await nextTurn();
    expect(went).toEqual(['a', 'b', 'c', 'late']);
    await nextTurn();
    expect(turns).toEqual([]);
  });
});
