import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { JournalPages } from '../../../hub/live/journal-pages.ts';
import { LatestValues } from '../../../hub/live/latest-values.ts';
import type { MissedOrGap } from '../../../hub/live/missed.ts';
import { PageTurns } from '../../../hub/live/page-turns.ts';
import { readMissed } from '../../../hub/live/resume.ts';
import { Views } from '../../../hub/live/views.ts';
import { CountersProbe } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { epoch, event, reading, settle } from '../../support/commits.ts';
import { FakeJournal } from './fake-journal.ts';

function setup(count: number) {
  const journal = new FakeJournal();
  for (let offset = 1; offset <= count; offset += 1) journal.rows.push(reading(offset));
  const clock = new ManualClock();
  const parts = { latest: new LatestValues(), clock, counters: new CountersProbe(), due: () => undefined };
  const view = new Views(parts).join('home', { devices: ['lamp'] }, undefined);
  const pages = new JournalPages({ journal, clock });
  const turns = new PageTurns();
  const missed = (from: number, until = count): Promise<MissedOrGap> =>
    readMissed({ journal, pages, turns, clock }, view, { from: { epoch, offset: from }, until });
  return { journal, pages, turns, clock, view, missed };
}

describe('What was missed', () => {
  test('is everything after the last offset, oldest first', async () => {
    const { missed } = setup(5);
    expect(await missed(2)).toMatchObject({ readings: [reading(3), reading(4), reading(5)], events: [] });
  });

  test('is nothing for who missed nothing, even when the journal keeps nothing', async () => {
    const { journal, missed } = setup(5);
    journal.oldest = 6;
    expect(await missed(5)).toMatchObject({ readings: [] });
  });

  test('holds only what the view covers', async () => {
    const { journal, missed } = setup(2);
    journal.rows.push(reading(3, { device: 'meter' }), reading(4, { group: 'farm' }), reading(5));
    expect(await missed(1, 5)).toMatchObject({ readings: [reading(2), reading(5)] });
  });

  test('is the events, too, of the devices that the view covers, whatever its metrics', async () => {
    const { journal, missed } = setup(2);
    journal.events.push(
      event(3, { device: 'lamp' }),
      event(4, { device: 'meter' }),
      event(5, { device: 'lamp', group: 'farm' }),
      event(6, { device: 'lamp', name: 'pressed-twice' }),
      event(7, { device: 'lamp' }),
    );
    const found = await missed(2, 6);
    expect('events' in found && found.events.map(({ offset }) => offset)).toEqual([3, 6]);
  });

  test('ends at the last published offset: what is committed beyond it comes live', async () => {
    const { missed } = setup(5);
    expect(await missed(2, 4)).toMatchObject({ readings: [reading(3), reading(4)] });
  });

  test('is not what the dashboard has from history', async () => {
    const { view, ...parts } = setup(5);
    const from = { epoch, offset: 1, held: ({ offset }: { offset: number }) => offset < 4 };
    const found = await readMissed(parts, view, { from, until: 5 });
    expect(found).toMatchObject({ readings: [reading(4), reading(5)] });
  });

  test('spans as many pages as it takes', async () => {
    const { missed } = setup(12_000);
    const found = await missed(0);
    expect('readings' in found && found.readings.length).toBe(12_000);
  });
});

describe('A gap, and why', () => {
  test('another epoch', async () => {
    const { view, ...parts } = setup(5);
    const from = { epoch: 'other', offset: 3 };
    expect(await readMissed(parts, view, { from, until: 5 })).toEqual({ gap: 'epoch-changed' });
  });

  test('an offset that this epoch has not reached', async () => {
    expect(await setup(5).missed(6)).toEqual({ gap: 'epoch-changed' });
  });

  test('the journal does not reach back that far', async () => {
    const { journal, missed } = setup(5);
    journal.oldest = 4;
    expect(await missed(2)).toEqual({ gap: 'too-far-behind' });
    expect(await missed(3)).toMatchObject({ readings: [reading(4), reading(5)] });
  });

  test('the journal was cut while it was read', async () => {
    const { journal, missed } = setup(5);
    journal.held = true;
    const found = missed(2);
    journal.oldest = 4;
    await journal.answer();
    expect(await found).toEqual({ gap: 'too-far-behind' });
  });

  test('more readings than an answer may hold', async () => {
    expect(await setup(limits.resumeReadings + 1).missed(0)).toEqual({ gap: 'too-far-behind' });
  });

  test('more events than an answer may hold', async () => {
    const { journal, missed } = setup(0);
    for (let offset = 1; offset <= limits.resumeEvents + 1; offset += 1)
      journal.events.push(event(offset, { device: 'lamp' }));
    expect(await missed(1, limits.resumeEvents + 1)).toMatchObject({ readings: [] });
    expect(await missed(0, limits.resumeEvents + 1)).toEqual({ gap: 'too-far-behind' });
  });

  test('a journal that does not answer is given up after ten seconds', async () => {
    const { journal, clock, missed } = setup(5);
    journal.held = true;
    const found = missed(2);
    const refused = expect(found).rejects.toThrow('in time');
    await settle();
    clock.advance(10_000);
    await refused;
  });
});
