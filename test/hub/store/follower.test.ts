import { describe, expect, test } from 'vitest';
import { StoreFollower } from '../../../hub/store/follower.ts';
import { Spool } from '../../../hub/store/spool.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { event, reading, t0, TemporaryFile } from './temporary-file.ts';

function follow(file: TemporaryFile): { readonly follower: StoreFollower; readonly asked: number[][] } {
  const asked: number[][] = [];
  const spool = new Spool({
    start: { cursor: 0, head: 0, textBytesPerRow: 0, sinceMs: 0 },
    clock: new ManualClock(),
    maxBytes: 1e9,
    refuseWhenFull: true,
    moveCursor: async (offset) => offset,
  });
  const follower = new StoreFollower(spool, {
    packJournal: async (after, limit) => file.read.packJournal(after, limit),
    seriesRows: async (ids) => {
      asked.push([...ids]);
      return file.read.seriesRows(ids);
    },
  });
  return { follower, asked };
}

describe('The journal as its follower reads it', () => {
  test('values of every kind, quality and time come over as they were', async () => {
    const file = new TemporaryFile();
    const values = [21.5, -0.25, 0, true, false, 'on', '', null] as const;
    await file.append({
      readings: values.map((value, n) => reading(value, { timeUs: t0 + n, tags: { phase: '1' } })),
    });
    const { follower } = follow(file);
    const { readings, offset, more } = await follower.read(0, 100);
    expect(readings.map(({ value }) => value)).toEqual(values);
    expect(readings.map(({ timeUs }) => timeUs)).toEqual(values.map((_, n) => t0 + n));
    expect(readings.map(({ quality }) => quality)).toEqual(
      values.map((value) => (value === null ? 'bad' : 'good')),
    );
    const series = { group: 'home', device: 'meter', metric: 'power', tags: { phase: '1' } };
    expect(readings[0]?.series).toEqual({ ...series, line: undefined });
    expect([offset, more]).toEqual([values.length, false]);
  });

  test('in pages; events take offsets and are passed over', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1)], events: [event('boot')] }, { readings: [reading(2)] });
    await file.append({ events: [event('alarm'), event('boot')] });
    const { follower } = follow(file);
    const first = await follower.read(0, 1);
    expect([first.readings.map(({ value }) => value), first.offset, first.more]).toEqual([[1], 1, true]);
    const second = await follower.read(first.offset, 1);
    expect([second.readings.map(({ value }) => value), second.offset, second.more]).toEqual([[2], 5, false]);
    expect(await follower.read(5, 1)).toEqual({ readings: [], offset: 5, more: false });
  });

  test('a series is asked for once, and is one object', async () => {
    const file = new TemporaryFile();
    const others = [1, 2, 3].map((n) => reading(n, { timeUs: t0 + n, device: `d${n % 2}` }));
    await file.append({ readings: others });
    const { follower, asked } = follow(file);
    const first = await follower.read(0, 100);
    const again = await follower.read(0, 100);
    expect(asked).toEqual([[1, 2]]);
    expect(first.readings[0]?.series).toBe(first.readings[2]?.series);
    expect(again.readings[0]?.series).toBe(first.readings[0]?.series);
  });

  test('line protocol keeps its names and forms, also in a series that was known without', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1)] });
    const { follower } = follow(file);
    expect((await follower.read(0, 10)).readings[0]).toMatchObject({
      isLine: false,
      series: { line: undefined },
    });
    const line = { measurement: 'meters', tags: { host: 'meter' }, field: 'power' };
    await file.append({ readings: [reading(2, { timeUs: t0 + 1, line, form: 'integer' })] });
    file.reopen();
    await file.append({ readings: [reading(3, { timeUs: t0 + 2, line })] });
    const { readings } = await follower.read(0, 10);
    expect(readings.map(({ isLine, form }) => [isLine, form])).toEqual([
      [false, undefined],
      [true, 'integer'],
      [true, undefined],
    ]);
    expect(readings[1]?.series.line).toEqual(line);
  });
});
