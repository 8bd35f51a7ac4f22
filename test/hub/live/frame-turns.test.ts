import { describe, expect, test } from 'vitest';
import { FrameTurns } from '../../../hub/live/frame-turns.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** @param frameMs what each frame takes */
function setup(frameMs = 0) {
  const clock = new ManualClock();
  const turns: (() => void)[] = [];
  const flushed: string[] = [];
  const flush = (view: string): void => {
    flushed.push(view);
    clock.advance(frameMs);
  };
  const frames = new FrameTurns({ clock, flush, nextTurn: (go) => turns.push(go) });
  return { turns, flushed, frames, nextTurn: () => turns.shift()?.() };
}

describe('Frames that are due', () => {
  test('go out in the next turn of the event loop, in their order, each once', () => {
    const { turns, flushed, frames, nextTurn } = setup();
    for (const view of ['a', 'b', 'a']) frames.add(view);
    expect([flushed, turns.length]).toEqual([[], 1]);
    nextTurn();
    expect([flushed, turns.length]).toEqual([['a', 'b'], 0]);
    frames.add('a');
    nextTurn();
    expect(flushed).toEqual(['a', 'b', 'a']);
  });

  test('that take long let others have a turn in between', () => {
    const { turns, flushed, frames, nextTurn } = setup(0.6);
    for (const view of ['a', 'b', 'c']) frames.add(view);
    nextTurn();
    expect([flushed, turns.length]).toEqual([['a', 'b'], 1]);
    frames.add('d');
    nextTurn();
    expect([flushed, turns.length]).toEqual([['a', 'b', 'c', 'd'], 0]);
  });

  test('are not sent once they are called off', () => {
    const { flushed, frames, nextTurn } = setup();
    frames.add('a');
    frames.clear();
    nextTurn();
    expect(flushed).toEqual([]);
  });

  test('where the turn is at once, they go at once', () => {
    const flushed: string[] = [];
    const clock = new ManualClock();
    const frames = new FrameTurns<string>({
      clock,
      flush: (view) => flushed.push(view),
      nextTurn: (go) => go(),
    });
    frames.add('a');
    expect(flushed).toEqual(['a']);
    frames.add('b');
    expect(flushed).toEqual(['a', 'b']);
  });
});
