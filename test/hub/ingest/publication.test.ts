import { describe, expect, test } from 'vitest';
import type { Committed } from '#ports';
import { Publication } from '../../../hub/ingest/publication.ts';
import { epoch, event, reading } from '../../support/commits.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';

function publicationTo(committed: (batch: Committed) => void) {
  const counters = new CountersProbe();
  return { counters, publication: new Publication({ epoch, committed, log: silentLog, counters }) };
}

describe('Telling what became durable', () => {
  test('everything of one commit is told at once, in order, before anybody goes on', async () => {
    const told: Committed[] = [];
    const { publication } = publicationTo((batch) => void told.push(batch));
    const first = publication.add({ readings: [reading(1)], events: [event(2)], state: [], arrivedMs: 5 });
    const second = publication.add({ readings: [reading(3)], events: [], state: [reading(0)], arrivedMs: 3 });
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
    await publication.add({ readings: [reading(1)], events: [], state: [], arrivedMs: 0 });
    await publication.add({ readings: [reading(2)], events: [], state: [], arrivedMs: 0 });
    expect(told.map(({ readings }) => readings.map(({ offset }) => offset))).toEqual([[1], [2]]);
  });

  test('a listener that fails does not make the sender repeat, and is counted', async () => {
    const { publication, counters } = publicationTo(() => {
      throw new Error('defect');
    });
    await publication.add({ readings: [reading(1)], events: [], state: [], arrivedMs: 0 });
    expect(counters.counts.get('ingest_failed/listener')).toBe(1);
  });
});
