import { describe, expect, test } from 'vitest';
import { JournalPages, pageRows } from '../../../hub/live/journal-pages.ts';
import { event, reading } from '../../support/commits.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeJournal } from './fake-journal.ts';

function setup(count: number) {
  const journal = new FakeJournal();
  const clock = new ManualClock();
  const append = (more: number): void => {
    for (let left = more; left > 0; left -= 1) journal.rows.push(reading(journal.head() + 1));
  };
  append(count);
  return { journal, clock, append, pages: new JournalPages({ journal, clock }) };
}

describe('A storm of dashboards that come back', () => {
  test('reads each stretch once, wherever each of them left off', async () => {
    const { journal, pages } = setup(2 * pageRows + 50);
    const head = journal.head();
    const storm = Array.from({ length: 200 }, async (_, index) => {
      for (let after = index; ;) {
        const page = await pages.read(after, head);
        expect(page.readings.some(({ offset }) => offset === after + 1)).toBe(true);
        if (!page.more) return page.offset;
        after = page.offset;
      }
    });
    expect(new Set(await Promise.all(storm))).toEqual(new Set([head]));
    expect(journal.reads).toEqual([0, pageRows, 2 * pageRows]);
  });

  test('a page that ended with the journal is read again, once, when there is more', async () => {
    const { journal, pages, append } = setup(10);
    expect((await pages.read(5, 10)).offset).toBe(10);
    append(10);
    const found = await Promise.all([7, 8, 9].map((after) => pages.read(after, 20)));
    expect(found.map(({ offset }) => offset)).toEqual([20, 20, 20]);
    expect(journal.reads).toEqual([0, 0]);
  });
});

describe('What is kept is bounded', () => {
  test('it is forgotten ten seconds after its last use', async () => {
    const { journal, clock, pages } = setup(10);
    const read = async (afterMs: number): Promise<number> => {
      clock.advance(afterMs);
      await pages.read(0, 10);
      return journal.reads.length;
    };
    expect([await read(0), await read(9000), await read(9000), await read(21_000)]).toEqual([1, 1, 1, 2]);
  });

  test('many pages let the oldest go', async () => {
    const { journal, pages } = setup(40);
    for (let page = 0; page < 40; page += 1) await pages.read(page * pageRows, 0);
    await pages.read(39 * pageRows, 0);
    await pages.read(0, 0);
    expect(journal.reads.slice(40)).toEqual([0]);
  });

  test('long texts and data count', async () => {
    const { journal, pages } = setup(0);
    journal.rows.push(reading(1, { value: 'x'.repeat(9 * 1024 * 1024) }));
    journal.events.push(event(2, { data: 'x' }));
    await pages.read(0, 2);
    await pages.read(0, 2);
    expect(journal.reads).toEqual([0, 0]);
  });

  test('after a device was renamed nothing of before is told', async () => {
    const { journal, pages } = setup(1);
    await pages.read(0, 1);
    pages.forget();
    await pages.read(0, 1);
    expect(journal.reads).toEqual([0, 0]);
  });
});

test('a read that fails is tried anew by the next who asks', async () => {
  const { journal, pages } = setup(1);
  journal.failing = new Error('The disk is gone.');
  await expect(pages.read(0, 1)).rejects.toThrow('gone');
  journal.failing = undefined;
  expect((await pages.read(0, 1)).offset).toBe(1);
});
