import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ExistingSeries } from '../../../bridges/influxdb/existing-series.ts';
import type { Reading } from '#contract/reading.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const one: Reading = {
  group: 'telegraf',
  device: 'a',
  metric: 'cpu.idle',
  timeUs: 1,
  value: 1,
  quality: 'good',
  stampedBy: 'device',
};

function open(answers: (readonly Reading[] | Error)[]) {
  const shown: number[] = [];
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const existing = async (): Promise<readonly Reading[]> => {
    const answer = answers.shift() ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const show = (state: readonly Reading[]): void => void shown.push(state.length);
  const series = new ExistingSeries({ reader: { existing }, show, clock, log: silentLog, counters });
  return { series, shown, clock, counters };
}

test('are shown at the start and looked at again every minute, also after an error', async () => {
  const { series, shown, clock } = open([[one], new Error('away'), [one, one]]);
  series.start();
  await setImmediate();
  expect(shown).toEqual([1]);
  for (let minute = 0; minute < 2; minute += 1) {
    clock.advance(60_000);
    await setImmediate();
  }
  expect(shown).toEqual([1, 2]);
  await series.stop();
  clock.advance(60_000);
  await setImmediate();
  expect(shown).toEqual([1, 2]);
});

test('beyond the bound are counted', async () => {
  const { series, shown, counters } = open([Array.from({ length: 20_005 }, () => one)]);
  series.start();
  await series.stop();
  expect(shown).toEqual([]);
  const again = open([Array.from({ length: 20_005 }, () => one)]);
  again.series.start();
  await setImmediate();
  expect(again.shown).toEqual([20_000]);
  expect(again.counters.counts.get('influx.existing/too-many-series')).toBe(5);
  expect(counters.counts.size).toBe(0);
  await again.series.stop();
});
