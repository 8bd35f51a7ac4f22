import { describe, expect, test } from 'vitest';
import { EveryPending, NewestPending, Pacer } from '../../../hub/live/conflation.ts';
import { Instant, type Shown } from '../../../hub/live/frame-text.ts';
import { SeriesEntry } from '../../../hub/live/latest-values.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { reading } from '../../support/commits.ts';

function series(): SeriesEntry {
  return new SeriesEntry(reading(1));
}

/** What a window held. */
function readings(taken: ReturnType<EveryPending['take']>): unknown {
  return taken.map((shown) => shown.reading);
}

/** @param latenesses of its timers, in their order */
function pacer(maxHz: number, latenesses: number[] = []) {
  const clock = new ManualClock();
  const after = clock.after.bind(clock);
  clock.after = (ms, fn) => after(ms + (latenesses.shift() ?? 0), fn);
  const flushed: number[] = [];
  const paced = new Pacer({ clock, maxHz, due: () => flushed.push(clock.monotonicMs()) });
  return { clock, flushed, paced };
}

describe('Conflated: the newest reading per series and window', () => {
  test('a newer reading takes the place of the one before', () => {
    const [pending, lamp, meter] = [new NewestPending(), series(), series()];
    pending.add(Instant.of(lamp, reading(1)));
    pending.add(Instant.of(meter, reading(2)));
    pending.add(Instant.of(lamp, reading(3)));
    expect(pending.take().map(({ reading: { offset } }) => offset)).toEqual([3, 2]);
    expect(pending.take()).toEqual([]);
  });

  test('however many series there are', () => {
    const pending = new NewestPending();
    const many = Array.from({ length: 40 }, series);
    for (const offset of [1, 2]) for (const each of many) pending.add(Instant.of(each, reading(offset)));
    pending.add(Instant.of(series(), reading(3)));
    expect(pending.take().map(({ reading: { offset } }) => offset)).toEqual([...many.map(() => 2), 3]);
  });

  const late = (offset: number, timeUs: number): Shown => Instant.of(lamp, reading(offset, { timeUs }));
  const lamp = new SeriesEntry(reading(1, { timeUs: 10_000_000 }));

  test('those that came late stay beside it, each at its own time, in the order of commits', () => {
    const pending = new NewestPending();
    for (const [offset, timeUs] of [
      [2, 5_000_000],
      [3, 10_000_000],
      [4, 4_000_000],
    ] as const)
      pending.add(late(offset, timeUs));
    expect(pending.take().map(({ reading: { offset } }) => offset)).toEqual([3, 2, 4]);
    expect([pending.take(), pending.takeLeftOut()]).toEqual([[], undefined]);
  });

  test('of more late ones than a frame holds it says between which times the rest lie', () => {
    const pending = new NewestPending(2);
    for (const ms of [7000, 6000, 5000, 3000.4, 4000]) pending.add(late(ms, ms * 1000));
    expect(pending.take()).toHaveLength(2);
    expect(pending.takeLeftOut()).toEqual({ start: 3000, end: 5001, count: 3 });
    expect(pending.takeLeftOut()).toBeUndefined();
    pending.add(late(9, 8_000_000));
    expect([pending.take().length, pending.takeLeftOut()]).toEqual([1, undefined]);
  });
});

describe('Raw: every reading, bounded', () => {
  test('keeps all of them in order', () => {
    const [pending, lamp] = [new EveryPending(3), series()];
    for (const offset of [1, 2, 3]) pending.add(Instant.of(lamp, reading(offset)));
    expect(readings(pending.take())).toEqual([reading(1), reading(2), reading(3)]);
  });

  test('says when a frame holds no more', () => {
    const [pending, lamp] = [new EveryPending(2), series()];
    expect([1, 2].map((offset) => pending.add(Instant.of(lamp, reading(offset))))).toEqual([false, true]);
    pending.take();
    expect(pending.add(Instant.of(lamp, reading(3)))).toBe(false);
  });
});

describe('The pace of a view', () => {
  test('the first frame after a pause goes at once', () => {
    const { clock, flushed, paced } = pacer(10);
    paced.touch(0);
    expect(flushed).toEqual([0]);
    clock.advance(1234);
    paced.touch(1234);
    clock.advance(50);
    paced.touch(1284);
    clock.advance(1000);
    expect(flushed).toEqual([0, 1234, 1334]);
  });

  test('the next one waits for its window, however often it is asked for', () => {
    const { clock, flushed, paced } = pacer(10);
    for (let step = 0; step < 50; step += 1) {
      paced.touch(clock.monotonicMs());
      clock.advance(5);
    }
    clock.advance(1000);
    expect(flushed).toEqual([0, 100, 200, 300]);
  });

  test('of what took long to become durable the frame leaves early, by a tenth of a window at most', () => {
    const { clock, flushed, paced } = pacer(10);
    paced.touch(0);
    for (const commitMs of [2, 6, 0, 2, 2, 50]) {
      const sent = flushed.length;
      paced.touch(clock.monotonicMs() - commitMs);
      while (flushed.length === sent) clock.advance(1);
    }
    // Once 4 ms early, the next ones fall back to the pace, as their readings allow.
    expect(flushed).toEqual([0, 100, 196, 298, 398, 498, 590]);
  });

  test('late timers do not add up, and a long hold-up is not made up for', () => {
    const { clock, flushed, paced } = pacer(10, [5, 3, 60]);
    for (let step = 0; step < 500; step += 1) {
      paced.touch(clock.monotonicMs());
      clock.advance(1);
    }
    expect(flushed).toEqual([0, 105, 203, 360, 450]);
  });

  test('nothing pending, no timer', () => {
    const { clock, flushed, paced } = pacer(10);
    paced.touch(0);
    clock.advance(10_000);
    expect(flushed).toEqual([0]);
  });

  test('after stop nothing is flushed', () => {
    const { clock, flushed, paced } = pacer(10);
    paced.touch(0);
    paced.touch(0);
    paced.stop();
    clock.advance(1000);
    expect(flushed).toEqual([0]);
  });
});
