import { describe, expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import type { JournalBatch, JournalCommit } from '#ports';
import { cellsPerRow } from '../../../hub/store/messages.ts';
import { flagsOf } from '../../../hub/store/rows.ts';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';
import { Turn } from '../../../hub/store/turn.ts';
import { event, reading, t0 } from './temporary-file.ts';

class TurnUnderTest extends Turn {
  readonly commits: Promise<JournalCommit>[] = [];

  take(...batches: readonly Partial<JournalBatch>[]): this {
    for (const batch of batches)
      this.commits.push(
        new Promise((committed, failed) => {
          const whole = { readings: [], events: [], principal: 'p', ...batch };
          this.add(whole, { committed, failed }, { atMs: 5, bytes: 0 });
        }),
      );
    return this;
  }
}

function begin(series = new StoreSeriesIndex([])): TurnUnderTest {
  return new TurnUnderTest(series);
}

describe('The message of a turn', () => {
  test('holds four cells for each reading: series, time, flags, value', () => {
    const { rows, count } = begin()
      .take({ readings: [reading(21.5), reading(true, { metric: 'on', timeUs: t0 + 1 })] })
      .toMessage(1);
    const cells = [...rows.subarray(0, count * cellsPerRow)];
    expect(cells.slice(0, cellsPerRow)).toEqual([1, t0, flagsOf(reading(21.5)), 21.5]);
    expect(cells.slice(cellsPerRow)).toEqual([2, t0 + 1, flagsOf(reading(true)), 1]);
  });

  test('of one reading takes few bytes: many wait in the other thread for its next collection', () => {
    const { rows } = begin()
      .take({ readings: [reading(21.5)] })
      .toMessage(1);
    expect(rows.byteLength).toBeLessThanOrEqual(128);
  });

  test('holds texts beside the rows, whose value is the index of theirs', () => {
    const { rows, texts } = begin()
      .take({ readings: [reading('on')] }, { readings: [reading(null), reading('off')] })
      .toMessage(1);
    expect(texts).toEqual(['on', 'off']);
    expect([rows[3], rows[7], rows[11]]).toEqual([0, Number.NaN, 1]);
  });

  test('loses no reading as it grows', () => {
    const readings = Array.from({ length: 1000 }, (_, index) => reading(index));
    const { rows, count } = begin().take({ readings }).toMessage(1);
    expect(count).toBe(1000);
    const values = Array.from({ length: count }, (_, index) => rows[index * cellsPerRow + 3]);
    expect(values).toEqual(readings.map(({ value }) => value));
  });

  test('says for each event before which reading it came', () => {
    const { events } = begin()
      .take({ events: [event('first')] }, { readings: [reading(1)], events: [event('second')] })
      .toMessage(1);
    expect(events.map(({ name, row }) => [name, row])).toEqual([
      ['first', 0],
      ['second', 1],
    ]);
  });

  test('stamps what is for the quarantine with the time of the turn', () => {
    const item = {
      source: { edge: 'http', principal: 'p' },
      code: 'c',
      message: '',
      raw: { bytes: new Uint8Array() },
    } as const;
    expect(
      begin()
        .take({ quarantine: [item] })
        .toMessage(1).quarantine,
    ).toEqual([{ ...item, at: 5 }]);
  });
});

function seriesOf(turn: Turn): number[] {
  return turn.toMessage(1).series.map(({ id }) => id);
}

describe('A new series', () => {
  test('is told with its first reading, once a turn', () => {
    const tagged = reading(1, { tags: { cpu: '0' } });
    expect(
      begin()
        .take({ readings: [tagged, tagged] })
        .toMessage(1).series,
    ).toEqual([{ id: 1, group: 'home', device: 'meter', metric: 'power', tags: '{"cpu":"0"}', line: '' }]);
  });

  test('is told again until a turn that told of it is on disk', async () => {
    const index = new StoreSeriesIndex([]);
    const refused = begin(index).take({ readings: [reading(1)] });
    const outcomes = Promise.allSettled(refused.commits);
    refused.failed(new TryAgainError('not-stored', 'The disk is full.'));
    await outcomes;
    const stored = begin(index).take({ readings: [reading(1)] });
    expect(seriesOf(stored)).toEqual([1]);
    stored.done({ kind: 'appended', turn: 1, first: 1, head: 1, repeatedRows: [], repeatedEvents: [] });
    expect(seriesOf(begin(index).take({ readings: [reading(1)] }))).toEqual([]);
  });
});

describe('The answer', () => {
  test('gives each caller its offsets, without a hole where something was a repeat', async () => {
    const turn = begin().take(
      { readings: [reading(1), reading(2)], events: [event('a'), event('b')] },
      { readings: [reading(3)] },
      {},
      { events: [event('c')] },
    );
    turn.done({ kind: 'appended', turn: 1, first: 100, head: 103, repeatedRows: [0], repeatedEvents: [1] });
    expect(await Promise.all(turn.commits)).toEqual([
      { readingOffsets: [undefined, 100], eventOffsets: [101, undefined], offset: 103 },
      { readingOffsets: [102], eventOffsets: [], offset: 103 },
      { readingOffsets: [], eventOffsets: [], offset: 103 },
      { readingOffsets: [], eventOffsets: [103], offset: 103 },
    ]);
  });

  test('that nothing was stored reaches every caller', async () => {
    const turn = begin().take({ readings: [reading(1)] }, { events: [event('a')] });
    const error = new TryAgainError('not-stored', 'The disk is full.');
    const outcomes = Promise.allSettled(turn.commits);
    turn.failed(error);
    expect(await outcomes).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ]);
  });
});

function fingerprintOf(batch: Partial<JournalBatch>): string | undefined {
  const exactlyOnce = { clientId: 'c', packetId: 7 };
  return begin()
    .take({ exactlyOnce, ...batch })
    .toMessage(1).packets[0]?.fingerprint;
}

describe('The fingerprint of a QoS 2 packet', () => {
  const original = { readings: [reading(1)], events: [event('press', { data: { times: 2 } })] };

  test('covers all that the packet brought, and nothing else of the turn', () => {
    const [packet] = begin()
      .take({ readings: [reading(1)], events: [event('a')] })
      .take({ ...original, exactlyOnce: { clientId: 'c', packetId: 7 } })
      .toMessage(1).packets;
    expect(packet).toMatchObject({
      client: 'c',
      packet: 7,
      rows: { from: 1, to: 2 },
      events: { from: 1, to: 2 },
    });
  });

  test('is the same for a retransmission, which arrives later', () => {
    const hubStamped = { stampedBy: 'hub' } as const;
    const first = { readings: [reading(1, hubStamped)], events: original.events };
    const later = {
      readings: [reading(1, { ...hubStamped, timeUs: t0 + 9 })],
      events: [event('press', { data: { times: 2 }, timeUs: t0 + 9 })],
    };
    expect(fingerprintOf(later)).toBe(fingerprintOf(first));
  });

  const others: Readonly<Record<string, Partial<JournalBatch>>> = {
    'another value': { readings: [reading(2)] },
    'a text that looks like the value': { readings: [reading('1')] },
    'another metric': { readings: [reading(1, { metric: 'voltage' })] },
    'other tags': { readings: [reading(1, { tags: { phase: '1' } })] },
    'another time of the device': { readings: [reading(1, { timeUs: t0 + 1 })] },
    'one reading more': { readings: [reading(1), reading(1)] },
    'other data of an event': { events: [event('press', { data: { times: 3 } })] },
  };
  for (const [what, change] of Object.entries(others))
    test(`differs for ${what}`, () => {
      expect(fingerprintOf({ ...original, ...change })).not.toBe(fingerprintOf(original));
    });
});
