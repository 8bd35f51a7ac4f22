import { describe, expect, test } from 'vitest';
import type { Committed, Delivery, Receipt } from '#ports';
import { Inspector } from '../../../hub/ingest/inspector.ts';
import { Passage } from '../../../hub/ingest/passage.ts';
import { Publication } from '../../../hub/ingest/publication.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeJournal } from './fake-journal.ts';

function door() {
  const journal = new FakeJournal();
  journal.automatic = false;
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const heard: string[] = [];
  const committed = ({ readings }: Committed): void =>
    void heard.push(`told ${readings.map(({ offset }) => offset).join()}`);
  const publication = new Publication({ epoch: 'e', committed, clock, log: silentLog, counters });
  const timings = { observe: (name: string, seconds: number) => void heard.push(`${name} ${seconds}`) };
  const parts = { journal, publication, clock, counters, timings, traces: undefined };
  const inspector = new Inspector(journal.series);
  const start = (delivery: Partial<Delivery>): void => {
    const whole = { source: { edge: 'mqtt', principal: 'p' }, readings: [], ...delivery } as const;
    const settlement = {
      accepted: ({ offset, accepted }: Receipt) => void heard.push(`accepted ${accepted} at ${offset}`),
      refused: (error: unknown) => void heard.push(String(error)),
    };
    const arrived = { delivery: whole, arrivalUs: clock.nowUs(), arrivedMs: clock.monotonicMs() };
    new Passage(parts, arrived, inspector.inspect(whole, clock.nowUs()), settlement).start(whole);
  };
  return { journal, clock, counters, heard, start };
}

const reading = (value: number | string) => ({ group: 'g', device: 'd', metric: 'm', value });
const microtasks = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('A delivery on its way', () => {
  test('is told to the listeners, then answered, and timed to both', async () => {
    const { journal, clock, heard, start } = door();
    start({ readings: [reading(1)] });
    start({ readings: [reading(2), reading('repeat')] });
    expect(heard).toEqual([]);
    clock.advance(4);
    journal.commit();
    await microtasks();
    expect(heard).toEqual([
      'told 1,2',
      'commit 0.004',
      'delivery 0.004',
      'accepted 1 at 1',
      'commit 0.004',
      'delivery 0.004',
      'accepted 2 at 2',
    ]);
  });

  test('that brings nothing new is answered, and told to nobody', async () => {
    const { journal, counters, heard, start } = door();
    start({ readings: [reading('repeat')] });
    journal.commit();
    await microtasks();
    expect(heard).toEqual(['commit 0', 'delivery 0', 'accepted 1 at 0']);
    expect(counters.counts.get('readings.mqtt/repeated')).toBe(1);
  });

  test('that is not stored is refused and counted', () => {
    const { journal, counters, heard, start } = door();
    start({ readings: [reading(1)] });
    journal.fail();
    expect(heard).toEqual([expect.stringContaining('Disk full.')]);
    expect(counters.counts.get('deliveries_not_now/not-stored')).toBe(1);
  });
});
