import { expect, test } from 'vitest';
import type { CommandRecord } from '#contract/command.ts';
import { TemporaryFile } from './temporary-file.ts';

const from = { group: 'home', device: 'meter' };
const to = { group: 'attic', device: 'sensor' };
const at = Date.parse('2026-06-01T12:00:00Z') * 1000;

function command(group: string, id: string): CommandRecord {
  const asked = { principal: 'p', requestedBy: 'Ann', createdAt: 1, deadline: 2, waitForDevice: false };
  return { ...from, group, id, name: 'on', args: null, state: 'failed', ...asked, history: [] };
}

test('series, events and commands are those of the new name; one whose id is taken there stays', async () => {
  const file = new TemporaryFile();
  const stamped = { timeUs: at, quality: 'good', stampedBy: 'device' } as const;
  await file.append({
    readings: [{ ...from, metric: 'power', value: 1, ...stamped }],
    events: [{ ...from, name: 'boot', timeUs: at, data: null, stampedBy: 'device' }],
  });
  file.call('insertCommand', command('home', 'c1'));
  file.call('insertCommand', command('home', 'c2'));
  file.call('insertCommand', command('attic', 'c2'));
  file.call('moveDevice', from, to, [{ id: 1, tags: '' }]);
  const { read } = file;
  expect(read.latestUnmerged()).toMatchObject([{ ...to, metric: 'power', value: 1 }]);
  expect(read.events('attic', {})).toMatchObject([{ ...to, name: 'boot' }]);
  expect(read.commands('attic', { device: 'sensor', limit: 10 })).toMatchObject([{ ...to, id: 'c1' }]);
  expect(read.command('home', 'c2')).toMatchObject(from);
});
