import { describe, expect, test } from 'vitest';
import type { CommittedReading } from '#contract/reading.ts';
import { event, reading, t0, TemporaryFile } from './temporary-file.ts';

describe('The journal by offset', () => {
  test('gives back readings as they came, with their offsets', async () => {
    const file = new TemporaryFile();
    const tagged = reading('x', {
      tags: { cpu: '0' },
      quality: 'uncertain',
      stampedBy: 'hub',
      possibleDuplicate: true,
    });
    await file.append({ readings: [reading(1), tagged] });
    expect(file.read.readJournal(0, 10)).toEqual({
      readings: [
        { ...reading(1), offset: 1 },
        { ...tagged, offset: 2 },
      ],
      events: [],
      offset: 2,
      more: false,
    });
  });

  test('pages over readings and events together, without a hole', async () => {
    const file = new TemporaryFile();
    await file.append(
      { readings: [reading(1)], events: [event('a'), event('b')] },
      { readings: [reading(2), reading(3)] },
    );
    const first = file.read.readJournal(0, 2);
    expect([first.readings.length, first.events.length, first.offset, first.more]).toEqual([1, 1, 2, true]);
    const second = file.read.readJournal(first.offset, 10);
    expect([second.readings.length, second.events.length, second.offset, second.more]).toEqual([
      2,
      1,
      5,
      false,
    ]);
    expect(file.read.readJournal(5, 10)).toMatchObject({ offset: 5, more: false });
  });

  test('still has what is merged', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1)] });
    file.mergeAll();
    expect(file.read.readJournal(0, 10).readings).toHaveLength(1);
  });
});

describe('Events', () => {
  test('two of the same instant and content are two', async () => {
    const file = new TemporaryFile();
    await file.append({ events: [event('press'), event('press')] });
    expect(file.read.events('home', {}).map(({ offset }) => offset)).toEqual([1, 2]);
  });

  test('come by group, device and range, oldest first', async () => {
    const file = new TemporaryFile();
    const data = { code: 7, lines: ['a'] };
    await file.append({
      events: [
        event('late', { timeUs: t0 + 2000 }),
        event('early', { data, stampedBy: 'device' }),
        event('other', { device: 'other' }),
        event('foreign', { group: 'farm' }),
      ],
    });
    expect(file.read.events('home', { device: 'meter' })).toEqual([
      { ...event('early', { data, stampedBy: 'device' }), offset: 2 },
      { ...event('late', { timeUs: t0 + 2000 }), offset: 1 },
    ]);
    const range = { start: t0 / 1000 + 1, end: t0 / 1000 + 3 };
    expect(file.read.events('home', range).map(({ name }) => name)).toEqual(['late']);
  });

  test('beyond the limit the newest are told', async () => {
    const file = new TemporaryFile();
    await file.append({ events: [0, 1, 2].map((ms) => event(`e${ms}`, { timeUs: t0 + ms * 1000 })) });
    expect(file.read.events('home', { limit: 2 }).map(({ name }) => name)).toEqual(['e1', 'e2']);
  });

  test('those before one are told by its time, then by its offset', async () => {
    const file = new TemporaryFile();
    const happened = ['a', 'b', 'c'].map((name) => event(name, { timeUs: t0 }));
    await file.append({ events: [...happened, event('early', { timeUs: t0 - 1 })] });
    const before = (timeUs: number, offset: number): string[] =>
      file.read.events('home', { before: { timeUs, offset }, limit: 2 }).map(({ name }) => name);
    expect(before(t0, 3)).toEqual(['a', 'b']);
    expect(before(t0, 1)).toEqual(['early']);
  });
});

const told = ({ metric, value, offset }: CommittedReading): unknown[] => [metric, value, offset];

describe('The newest reading of every series', () => {
  test('is found among merged and fresh readings, with its offset', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1), reading(7, { metric: 'voltage' })] });
    file.mergeAll();
    await file.append({ readings: [reading(2, { timeUs: t0 + 1 })] });
    expect(file.read.latestUnmerged().map(told)).toEqual([['power', 2, 3]]);
    expect(file.read.latestMerged(0, 9).readings.map(told)).toEqual([
      ['power', 1, 1],
      ['voltage', 7, 2],
    ]);
  });

  test('is the newest by time: one that comes late does not take its place', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading('new', { timeUs: t0 + 10 }), reading('late')] });
    expect(file.read.latestUnmerged()).toMatchObject([{ value: 'new', offset: 1 }]);
    file.mergeAll();
    await file.append({ readings: [reading('late')] });
    expect(file.read.latestMerged(0, 9).readings).toMatchObject([{ value: 'new', offset: 1 }]);
  });

  test('merged ones come page by page', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1), reading(7, { metric: 'voltage' })] });
    file.mergeAll();
    const { last = 0 } = file.read.latestMerged(0, 1);
    expect(file.read.latestMerged(last, 1).readings).toMatchObject([{ metric: 'voltage', value: 7 }]);
    expect(file.read.latestMerged(2, 1)).toEqual({ readings: [], last: undefined });
  });
});
