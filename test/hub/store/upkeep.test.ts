import { statSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openForWriting } from '../../../hub/store/database.ts';
import { Upkeep, upkeepLimits } from '../../../hub/store/upkeep.ts';
import { reading, t0, TemporaryFile } from './temporary-file.ts';

function readings(count: number, from = 0) {
  return Array.from({ length: count }, (_, index) => reading(index, { timeUs: t0 + (from + index) * 1000 }));
}

describe('When hot readings are merged', () => {
  test('as soon as enough wait', async () => {
    const file = new TemporaryFile({ mergeRows: 10 });
    await file.append({ readings: readings(9) });
    expect(file.tend()).toEqual([]);
    await file.append({ readings: readings(1, 9) });
    expect(file.tend()).toEqual([{ kind: 'moved', merged: 10, tail: 1 }]);
  });

  test('or when the oldest has waited long enough', async () => {
    const file = new TemporaryFile({ mergeAgeMs: 30_000 });
    await file.append({ readings: readings(3) });
    file.writer.tick(1000);
    expect(file.tend()).toEqual([]);
    file.writer.tick(31_000);
    expect(file.tend()).toEqual([{ kind: 'moved', merged: 3, tail: 1 }]);
  });

  test('what waited before a restart waits no longer than what is new', async () => {
    const file = new TemporaryFile({ mergeAgeMs: 30_000 });
    await file.append({ readings: readings(3) });
    file.reopen();
    file.writer.tick(0);
    file.writer.tick(30_000);
    expect(file.tend()).toMatchObject([{ merged: 3 }]);
  });

  test('in slices, between which appends are taken', async () => {
    const file = new TemporaryFile({ mergeRows: 2500 });
    await file.append({ readings: readings(2500) });
    let slices = 0;
    while (file.writer.tend().more) {
      slices += 1;
      await file.append({ readings: readings(1, 3000 + slices) });
    }
    expect(slices).toBeGreaterThan(2);
    expect(file.writer.commit([])).toEqual([]);
    expect(
      file.read.history('home', { devices: ['meter'], start: 0, end: 1e13, window: 86_400_000 }),
    ).toMatchObject({
      series: [{ buckets: [[expect.any(Number), 0, 2499, expect.any(Number), 2500 + slices, 0]] }],
    });
  });

  test('with rests between the slices, unless more comes in than goes that way, or somebody waits', async () => {
    const file = new TemporaryFile({ mergeRows: 1000, behindRows: 4000 });
    await file.append({ readings: readings(4000) });
    expect(file.writer.tend()).toMatchObject({ more: true, isBehind: false });
    await file.append({ readings: readings(1, 4000) });
    expect(file.writer.tend()).toMatchObject({ more: true, isBehind: true });
    file.tend();
    await file.append({ readings: readings(1500, 5000) });
    expect(file.writer.tend()).toMatchObject({ more: true, isBehind: false });
    file.call('merge');
    expect(file.writer.tend()).toMatchObject({ more: true, isBehind: true });
  });
});

describe('How long hot readings stay', () => {
  test('ten minutes after they came, once they are merged', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: readings(3) });
    file.writer.tick(0);
    await file.append({ readings: readings(2, 3) });
    file.writer.tick(60_000);
    file.mergeAll();
    file.writer.tick(599_000);
    expect(file.tend()).toEqual([]);
    file.writer.tick(600_000);
    expect(file.tend()).toEqual([{ kind: 'moved', merged: 5, tail: 4 }]);
    file.writer.tick(660_000);
    expect(file.tend()).toEqual([{ kind: 'moved', merged: 5, tail: 6 }]);
    expect(file.read.readJournal(0, 10).readings).toEqual([]);
    expect(file.read.history('home', { devices: ['meter'], start: 0, end: 1e13 })).toMatchObject({
      series: [{ points: { length: 5 } }],
    });
  });

  test('few of them go together, by the minute', async () => {
    const file = new TemporaryFile();
    for (let second = 0; second < 120; second += 1) {
      await file.append({ readings: readings(1, second) });
      file.writer.tick(second * 1000);
    }
    file.mergeAll();
    const moved: unknown[] = [];
    for (let second = 600; second < 700; second += 1) {
      file.writer.tick(second * 1000);
      moved.push(...file.tend());
    }
    expect(moved).toEqual([
      { kind: 'moved', merged: 120, tail: 2 },
      { kind: 'moved', merged: 120, tail: 62 },
    ]);
  });

  test('shorter when they take too much room', async () => {
    const file = new TemporaryFile({ keepBytes: 32 * 100 });
    await file.append({ readings: readings(150) });
    expect(file.tend()).toEqual([]);
    file.mergeAll();
    expect(file.writer.tend()).toEqual({ replies: [], more: false, isBehind: false });
    expect(file.read.readJournal(0, 1000).readings).toHaveLength(100);
  });

  test('an offset is not given again after all rows are gone', async () => {
    const file = new TemporaryFile({ keepBytes: 0 });
    await file.append({ readings: readings(5) });
    file.mergeAll();
    file.reopen();
    expect(file.writer.ready).toMatchObject({ head: 5, tail: 6, merged: 5 });
    const [commit] = await file.append({ readings: readings(1, 5) });
    expect(commit?.readingOffsets).toEqual([6]);
  });
});

describe('The fsync', () => {
  test('that upkeep may do without is back for the next append, also when upkeep fails', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: readings(3) });
    file.close();
    const database = openForWriting(file.file);
    onTestFinished(() => database.close());
    const upkeep = new Upkeep(database, { ...upkeepLimits, mergeRows: 1 });
    const synchronous = () => database.prepare('PRAGMA synchronous').get();
    upkeep.step(3);
    expect(synchronous()).toEqual({ synchronous: 2 });
    database.exec('DROP TABLE raw');
    expect(upkeep.step(3).replies).toMatchObject([{ kind: 'upkeep-failed' }]);
    expect(synchronous()).toEqual({ synchronous: 2 });
  });
});

describe('The write-ahead log', () => {
  test('is checkpointed when it is long, so that it is reused instead of growing', async () => {
    const file = new TemporaryFile({ checkpointBytes: 64 * 1024, mergeRows: 1e9 });
    const sizes: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      await file.append({ readings: readings(300, round * 300) });
      file.tend();
      sizes.push(statSync(`${file.file}-wal`).size);
    }
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
    expect(statSync(file.file).size).toBeGreaterThan(256 * 1024);
  });
});

describe('How long hot readings stay for a follower of the journal', () => {
  test('until the cursor has passed them and ten minutes more, however old they are', async () => {
    const file = new TemporaryFile({ spooling: true });
    await file.append({ readings: readings(4) });
    file.mergeAll();
    file.writer.tick(0);
    file.writer.tick(86_400_000);
    expect(file.tend()).toEqual([]);
    expect(file.call('moveCursor', 3, 7000)).toBe(3);
    file.writer.tick(86_500_000);
    expect(file.tend()).toEqual([]);
    file.writer.tick(86_500_000 + 600_000);
    expect(file.tend()).toEqual([{ kind: 'moved', merged: 4, tail: 4 }]);
  });

  test('or until they take too much room behind the cursor', async () => {
    const file = new TemporaryFile({ spooling: true, keepBytes: 32 * 100 });
    await file.append({ readings: readings(250) });
    file.mergeAll();
    expect(file.read.readJournal(0, 1000).readings).toHaveLength(250);
    file.call('moveCursor', 150, 7000);
    file.tend();
    expect(file.read.readJournal(0, 1000).readings).toHaveLength(200);
  });

  test('the cursor outlives the process, and goes back only as far as there are rows', async () => {
    const file = new TemporaryFile({ spooling: true, keepBytes: 0 });
    await file.append({ readings: readings(5) });
    file.mergeAll();
    file.call('moveCursor', 3, 7000);
    file.tend();
    file.reopen();
    expect(file.writer.ready).toMatchObject({ cursor: 3, cursorSinceMs: 7000, tail: 4 });
    expect(file.call('moveCursor', 0, 7000)).toBe(3);
  });

  test('a cursor that was sent back holds again what it is to pass once more', async () => {
    const file = new TemporaryFile({ spooling: true });
    await file.append({ readings: readings(5) });
    file.mergeAll();
    file.call('moveCursor', 5, 7000);
    file.writer.tick(0);
    file.call('moveCursor', 2, 7000);
    file.writer.tick(600_000);
    file.tend();
    expect(file.read.readJournal(0, 10).readings).toHaveLength(5);
  });
});
