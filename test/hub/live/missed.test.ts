import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { MissedBook } from '../../../hub/live/missed.ts';
import { event, reading } from '../../support/commits.ts';

function book(readings: readonly number[], events: readonly number[] = []): MissedBook {
  const missed = new MissedBook();
  for (const offset of readings) missed.addReading(reading(offset));
  for (const offset of events) missed.addEvent(event(offset));
  return missed;
}

describe('What was published while the journal was read', () => {
  test('continues what was read', () => {
    const joined = MissedBook.join(book([2], [3]), book([4], [5, 6]));
    expect(joined).toMatchObject({
      readings: [reading(2), reading(4)],
      events: [event(3), event(5), event(6)],
    });
  });

  test('does not mend a gap', () => {
    expect(MissedBook.join({ gap: 'epoch-changed' }, book([3]))).toEqual({ gap: 'epoch-changed' });
  });
});

describe('Bounds: more than one answer may hold is a gap', () => {
  const many = Array.from({ length: limits.resumeReadings }, (_, index) => index + 1);

  test('of readings, in one part or in both together', () => {
    expect(MissedBook.join(book(many), book([]))).toMatchObject({ readings: { length: many.length } });
    expect(MissedBook.join(book(many), book([many.length + 1]))).toEqual({ gap: 'too-far-behind' });
    expect(MissedBook.join(book([]), book([...many, many.length + 1]))).toEqual({ gap: 'too-far-behind' });
  });

  test('of events, by number and by bytes', () => {
    const some = many.slice(0, limits.resumeEvents);
    expect(book([], some).isFull).toBe(false);
    expect(book([], [...some, some.length + 1]).isFull).toBe(true);
    const large = new MissedBook();
    const data = 'x'.repeat(limits.resumeEventBytes / 2);
    large.addEvent(event(1, { data }));
    expect(large.isFull).toBe(false);
    large.addEvent(event(2, { data }));
    expect(large.isFull).toBe(true);
  });
});
