import { describe, expect, test } from 'vitest';
import { EveryPending, NewestPending, Pacer } from '../../../hub/live/conflation.ts';
import { SeriesEntry } from '../../../hub/live/latest-values.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { reading } from '../../support/commits.ts';

function series(): SeriesEntry {
  return new SeriesEntry(reading(1));
}

function pacer(maxHz: number) {
  const clock = new ManualClock();
  const flushed: number[] = [];
  const paced = new Pacer({ clock, maxHz, flush: () => flushed.push(clock.monotonicMs()) });
  return { clock, flushed, paced };
}

describe('Conflated: the newest reading per series and window', () => {
  test('a newer reading takes the place of the one before', () => {
    const [pending, lamp, meter] = [new NewestPending(), series(), series()];
    pending.add(lamp, reading(1));
    pending.add(meter, reading(2));
    pending.add(lamp, reading(3));
    expect(pending.take().map(({ offset }) => offset)).toEqual([3, 2]);
    expect(pending.take()).toEqual([]);
  });

  test('a late reading alone in its window goes out at its own time', () => {
    const [pending, lamp] = [new NewestPending(), series()];
    pending.add(lamp, reading(9, { timeUs: 5 }));
    expect(pending.take()).toEqual([reading(9, { timeUs: 5 })]);
  });

  test('a late reading does not replace a newer one of its window', () => {
    const [pending, lamp] = [new NewestPending(), series()];
    pending.add(lamp, reading(1, { timeUs: 10 }));
    pending.add(lamp, reading(2, { timeUs: 5 }));
    expect(pending.take().map(({ offset }) => offset)).toEqual([1]);
  });
});

describe('Raw: every reading, bounded', () => {
  test('keeps all of them in order', () => {
    const [pending, lamp] = [new EveryPending(3), series()];
    for (const offset of [1, 2, 3]) pending.add(lamp, reading(offset));
    expect(pending.take()).toEqual([reading(1), reading(2), reading(3)]);
  });

  test('a window past its bound is let go as a whole, and the next one is whole again', () => {
    const [pending, lamp] = [new EveryPending(2), series()];
    for (const offset of [1, 2, 3, 4]) pending.add(lamp, reading(offset));
    expect(pending.take()).toBe('overflowed');
    pending.add(lamp, reading(5));
    expect(pending.take()).toEqual([reading(5)]);
  });
});

describe('The pace of a view', () => {
  test('the first frame after a pause goes at once', () => {
    const { flushed, paced } = pacer(10);
    paced.touch();
    expect(flushed).toEqual([0]);
  });

  test('the next one waits for its window, however often it is asked for', () => {
    const { clock, flushed, paced } = pacer(10);
    for (let step = 0; step < 50; step += 1) {
      paced.touch();
      clock.advance(5);
    }
    clock.advance(1000);
    expect(flushed).toEqual([0, 100, 200, 300]);
  });

  test('nothing pending, no timer', () => {
    const { clock, flushed, paced } = pacer(10);
    paced.touch();
    clock.advance(10_000);
    expect(flushed).toEqual([0]);
  });

  test('after stop nothing is flushed', () => {
    const { clock, flushed, paced } = pacer(10);
    paced.touch();
    paced.touch();
    paced.stop();
    clock.advance(1000);
    expect(flushed).toEqual([0]);
  });
});
