import { describe, expect, test } from 'vitest';
import { event, reading, t0, TemporaryFile } from './temporary-file.ts';

const later = t0 + 60_000_000;

describe('What identifies a repeat', () => {
  test('an id of the sender, whatever the time', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1, { id: 'a' })], events: [event('press', { id: 'a' })] });
    const [again] = await file.append({
      readings: [reading(1, { id: 'a', timeUs: later }), reading(2, { id: 'b', timeUs: later })],
      events: [event('press', { id: 'a', timeUs: later })],
    });
    expect(again).toEqual({ readingOffsets: [undefined, 3], eventOffsets: [undefined], offset: 3 });
  });

  test('the same id of another sender, or for another series, is another reading', async () => {
    const file = new TemporaryFile();
    const [, other] = await file.append(
      { readings: [reading(1, { id: 'a' }), reading(1, { id: 'a', metric: 'voltage' })] },
      { readings: [reading(1, { id: 'a' })], principal: 'somebody else' },
    );
    expect(other?.readingOffsets).toEqual([3]);
  });

  test('a pack under one id is known part by part', async () => {
    const file = new TemporaryFile();
    const pack = { readings: [reading(1, { id: 'a' }), reading(2, { id: 'a' })] };
    const [first] = await file.append(pack);
    const [second] = await file.append(pack);
    expect([first?.readingOffsets, second?.readingOffsets]).toEqual([
      [1, 2],
      [undefined, undefined],
    ]);
  });

  test('a QoS 2 packet id with the same content, across a restart', async () => {
    const file = new TemporaryFile();
    const packet = { clientId: 'c', packetId: 7 };
    const stamped = (timeUs: number) => ({
      readings: [reading('on', { stampedBy: 'hub' as const, timeUs })],
      events: [event('press', { timeUs })],
      exactlyOnce: packet,
    });
    await file.append(stamped(t0));
    file.reopen();
    const [again] = await file.append(stamped(later));
    expect(again).toEqual({ readingOffsets: [undefined], eventOffsets: [undefined], offset: 2 });
  });

  test('a packet id that was released, or that carries other content, is a new delivery', async () => {
    const file = new TemporaryFile();
    const batch = { readings: [reading(1)], exactlyOnce: { clientId: 'c', packetId: 7 } };
    await file.append(batch);
    const [other] = await file.append({ ...batch, readings: [reading(2)] });
    file.call('releasePacket', 'c', 7);
    const [released] = await file.append({ ...batch, readings: [reading(2)] });
    file.call('releasePacket', 'c', undefined);
    const [cleaned] = await file.append({ ...batch, readings: [reading(2)] });
    expect([other, released, cleaned].map((commit) => commit?.readingOffsets)).toEqual([[2], [3], [4]]);
  });

  test('a refused transaction remembers no id', async () => {
    const file = new TemporaryFile();
    const bad = reading(1, { id: 'a', timeUs: Number.NaN });
    await expect(file.append({ readings: [bad] })).rejects.toThrow('not appended');
    const [again] = await file.append({ readings: [reading(1, { id: 'a' })] });
    expect(again?.readingOffsets).toEqual([1]);
  });
});

test('Many readings of a turn get their offsets in order, whatever is between them', async () => {
  const file = new TemporaryFile();
  await file.append({ readings: [reading(0, { id: 'known' })] });
  const readings = Array.from({ length: 50 }, (_, at) =>
    reading(at % 3 === 0 ? `text ${at}` : at, { timeUs: t0 + at, id: at === 20 ? 'known' : `id ${at}` }),
  );
  const [first, second] = await file.append(
    { readings: readings.slice(0, 30), events: [event('press')] },
    { readings: readings.slice(30) },
  );
  const offsets = [...(first?.readingOffsets ?? []), ...(second?.readingOffsets ?? [])];
  const { readings: kept } = file.read.readJournal(1, 100);
  const byOffset = new Map(kept.map(({ offset, value }) => [offset, value]));
  expect(offsets[20]).toBeUndefined();
  expect(kept).toHaveLength(49);
  for (const [at, { value }] of readings.entries())
    if (at !== 20) expect(byOffset.get(offsets[at] ?? 0)).toBe(value);
});
