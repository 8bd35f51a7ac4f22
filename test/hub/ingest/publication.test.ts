import { describe, expect, test } from 'vitest';
import type { Committed } from '#ports';
import { systemClock } from '../../../hub/clock.ts';
import { Publication } from '../../../hub/ingest/publication.ts';
import { epoch, event, reading } from '../../support/commits.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';

function publicationTo(committed: (batch: Committed) => void) {
  const counters = new CountersProbe();
  return {
    counters,
    publication: new Publication({ epoch, committed, clock: systemClock, log: silentLog, counters }),
  };
}

function add(publication: Publication, part: Partial<Committed>): Promise<void> {
  return new Promise((resolve) => {
    publication.add(
      { readings: [], events: [], state: [], arrivedMs: 0, ...part },
      { told: () => resolve() },
    );
  });
}

const defect = {
  told(): never {
    throw new Error('defect');
  },
};

describe('Telling what became durable', () => {
  test('everything of one commit is told at once, in order, before anybody goes on', async () => {
    const told: Committed[] = [];
    const { publication } = publicationTo((batch) => void told.push(batch));
    const first = add(publication, { readings: [reading(1)], events: [event(2)], arrivedMs: 5 });
    const second = add(publication, { readings: [reading(3)], state: [reading(0)], arrivedMs: 3 });
    expect(told).toEqual([]);
    await first;
    expect(told).toEqual([
      { epoch, readings: [reading(1), reading(3)], events: [event(2)], state: [reading(0)], arrivedMs: 3 },
    ]);
    await second;
  });

  test('the next commit is told apart', async () => {
    const told: Committed[] = [];
    const { publication } = publicationTo((batch) => void told.push(batch));
    await add(publication, { readings: [reading(1)] });
    await add(publication, { readings: [reading(2)] });
    expect(told.map(({ readings }) => readings.map(({ offset }) => offset))).toEqual([[1], [2]]);
  });

  test('a listener that fails does not make the sender repeat, and is counted', async () => {
    const { publication, counters } = publicationTo(() => {
      throw new Error('defect');
    });
    await add(publication, { readings: [reading(1)] });
    expect(counters.counts.get('ingest_failed/listener')).toBe(1);
  });

  test('one that fails to hear of it keeps no other waiting', async () => {
    const { publication, counters } = publicationTo(() => undefined);
    publication.add({ readings: [reading(1)], events: [], state: [], arrivedMs: 0 }, defect);
    await add(publication, { readings: [reading(2)] });
    expect(counters.counts.get('ingest_failed/listener')).toBe(1);
  });
});
