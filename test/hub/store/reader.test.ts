import { describe, expect, test } from 'vitest';
import { reading, TemporaryFile } from './temporary-file.ts';

describe('The reader', () => {
  test('of a new file answers every question: with nothing', () => {
    const { read } = new TemporaryFile();
    const kept = [read.audit(9), read.inbox({ limit: 9 }), read.inboxTopics(), read.mappings()];
    const records = [
      read.devices({ group: '', device: '' }, 9),
      read.openCommands(),
      read.quarantine({ limit: 9 }),
      ...kept,
    ];
    const journal = [read.series(0, 9), read.latestUnmerged(), read.events('home', {})];
    for (const list of [...records, ...journal]) expect(list).toEqual([]);
    expect(read.commands('home', { limit: 9 })).toEqual([]);
    expect(read.command('home', 'c1')).toBeUndefined();
    expect(read.tokens()).toEqual({ tokens: [], sessions: [] });
    expect(read.quarantineCount()).toBe(0);
    expect(read.readJournal(0, 9)).toEqual({ readings: [], events: [], offset: 0, more: false });
    expect(read.history('home', { devices: ['*'], start: 0, end: 1e13 })).toMatchObject({ series: [] });
  });

  test('tells the series as the writer was told them', async () => {
    const file = new TemporaryFile();
    await file.append({
      readings: [reading(1, { tags: { b: '2', a: '1' } }), reading(1, { group: 'farm' })],
    });
    expect(file.read.series(0, 9)).toEqual([
      { id: 1, group: 'home', device: 'meter', metric: 'power', tags: '{"a":"1","b":"2"}', line: '' },
      { id: 2, group: 'farm', device: 'meter', metric: 'power', tags: '', line: '' },
    ]);
  });

  test('sees each commit from the next question on, with the connection it has', async () => {
    const file = new TemporaryFile();
    const { latestUnmerged: latest } = file.read;
    expect(latest()).toEqual([]);
    await file.append({ readings: [reading(1)] });
    expect(latest()).toMatchObject([{ value: 1, offset: 1 }]);
  });
});
