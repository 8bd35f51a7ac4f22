import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';
import { Turn } from '../../../hub/store/turn.ts';
import { event, reading, t0, TemporaryFile, unheard } from './temporary-file.ts';

function turnOf(...readings: readonly ReturnType<typeof reading>[]) {
  const turn = new Turn(new StoreSeriesIndex([]));
  turn.add({ readings, events: [], principal: 'tester' }, unheard, { atMs: 0, bytes: 0 });
  return turn;
}

describe('Group commit', () => {
  test('gives offsets in the order of arrival, readings and events in one sequence', async () => {
    const file = new TemporaryFile();
    const commits = await file.append(
      { readings: [reading(1), reading(2, { timeUs: t0 + 1 })], events: [event('boot')] },
      { events: [event('press'), event('press')] },
      { readings: [reading(3, { timeUs: t0 + 2 })] },
    );
    expect(commits).toEqual([
      { readingOffsets: [1, 2], eventOffsets: [3], offset: 6 },
      { readingOffsets: [], eventOffsets: [4, 5], offset: 6 },
      { readingOffsets: [6], eventOffsets: [], offset: 6 },
    ]);
  });

  test('what was committed is there after a crash, and offsets go on', async () => {
    const file = new TemporaryFile();
    const { epoch } = file.writer.ready;
    await file.append({ readings: [reading(1)], events: [event('boot')] });
    file.reopen();
    expect(file.writer.ready).toMatchObject({ epoch, head: 2, merged: 0, tail: 1 });
    const [commit] = await file.append({ readings: [reading(2, { timeUs: t0 + 1 })] });
    expect(commit?.readingOffsets).toEqual([3]);
    expect(file.read.readJournal(0, 10).readings.map(({ value }) => value)).toEqual([1, 2]);
  });

  test('a call that fails takes nothing else with it', () => {
    const { writer } = new TemporaryFile();
    const replies = writer.commit([
      turnOf(reading(1)).toMessage(1),
      { kind: 'call', call: 5, name: 'saveToken', args: [undefined] },
      { kind: 'call', call: 6, name: 'nothing', args: [] },
      turnOf(reading(2)).toMessage(2),
    ]);
    expect(replies).toMatchObject([
      { kind: 'appended', head: 1 },
      { kind: 'refusal', call: 5 },
      { kind: 'refusal', call: 6, why: 'The writer knows no call nothing.' },
      { kind: 'appended', head: 2 },
    ]);
  });

  test('a turn that cannot be written does not hold up the others', () => {
    const { writer, file } = new TemporaryFile();
    const broken = { ...turnOf(reading(1)).toMessage(2), rows: new Float64Array([1, Number.NaN, 0, 1]) };
    const replies = writer.commit([turnOf(reading(1)).toMessage(1), broken, turnOf(reading(2)).toMessage(3)]);
    expect(replies.map(({ kind }) => kind)).toEqual(['appended', 'not-appended', 'appended']);
    expect(replies[2]).toMatchObject({ first: 2, head: 2 });
    expect(new DatabaseSync(file).prepare('SELECT count(*) AS n FROM hot').get()).toEqual({ n: 2 });
  });

  test('when the file cannot be written nothing is acknowledged, and afterwards the same batch is taken', () => {
    const { writer, file } = new TemporaryFile();
    const disturber = new DatabaseSync(file);
    disturber.exec('BEGIN IMMEDIATE');
    const group = [turnOf(reading(1)).toMessage(1), turnOf(reading(2)).toMessage(2)];
    expect(writer.commit(group)).toMatchObject([
      { kind: 'not-appended', turn: 1, why: 'database is locked' },
      { kind: 'not-appended', turn: 2, why: 'database is locked' },
    ]);
    disturber.close();
    expect(writer.commit(group)).toMatchObject([
      { kind: 'appended', first: 1 },
      { kind: 'appended', first: 2 },
    ]);
  });
});
