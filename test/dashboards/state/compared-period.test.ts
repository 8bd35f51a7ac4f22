import { describe, expect, test } from 'vitest';
import type { HistorySeries } from '#contract/view.ts';
import { ComparedPeriod } from '../../../dashboards/state/compared-period.ts';
import type { Viewport } from '../../../dashboards/state/viewport.ts';
import { ManualTiming, settled } from '../support/fake-socket.ts';

const hour = 3_600_000;
const day = 24 * hour;

function open(viewport: Viewport) {
  const timing = new ManualTiming();
  const asked: { start: number; end: number }[] = [];
  let answer: readonly HistorySeries[] | undefined = [];
  const period = new ComparedPeriod({
    timing,
    viewport: () => viewport,
    fetch: async (edges) => {
      asked.push(edges);
      return await Promise.resolve(answer);
    },
    changed: () => undefined,
  });
  const answerWith = (series: readonly HistorySeries[] | undefined): void => void (answer = series);
  return { timing, asked, period, answerWith };
}

async function pass(timing: ManualTiming, ms: number): Promise<void> {
  timing.clock.advance(ms);
  await settled();
}

describe('An earlier period to compare with', () => {
  test('lies on the axis of what is shown', async () => {
    const end = 100 * day;
    const { timing, asked, period, answerWith } = open({ spanMs: hour, endMs: end });
    answerWith([{ device: 'pump', metric: 'flow', buckets: [[end - day - 5000, 1, 3, 2, 4, 2]] }]);
    period.choose('day');
    await pass(timing, 0);
    expect(asked).toEqual([{ start: end - hour - day, end: end - day + 0.1 * hour }]);
    const found = period.find('pump/flow?');
    expect([found?.ring.timeAt(0), found?.ring.maxAt(0)]).toEqual([end - 5000, 3]);
  });

  test('right before is as far back as the view is wide', async () => {
    const { timing, asked, period } = open({ spanMs: hour, endMs: 10 * hour });
    period.choose('before');
    await pass(timing, 0);
    expect(asked[0]?.start).toBe(8 * hour);
  });

  test('while the view follows now, it is fetched again before it runs out', async () => {
    const { timing, asked, period } = open({ spanMs: hour });
    period.choose('week');
    await pass(timing, 0);
    await pass(timing, 0.05 * hour);
    expect(asked).toHaveLength(2);
    period.close();
    await pass(timing, hour);
    expect(asked).toHaveLength(2);
  });

  test('a moving view asks once, when it rests, and an answer that comes too late is not shown', async () => {
    const { timing, asked, period, answerWith } = open({ spanMs: hour, endMs: day });
    answerWith([{ device: 'pump', metric: 'flow', buckets: [[0, 1, 3, 2, 4, 2]] }]);
    period.choose('day');
    timing.clock.advance(0);
    period.follow();
    await pass(timing, 100);
    period.follow();
    await pass(timing, 100);
    expect([asked.length, period.find('pump/flow?')]).toEqual([1, undefined]);
    await pass(timing, 100);
    expect(asked).toHaveLength(2);
  });

  test('without an answer there is nothing to compare with', async () => {
    const { timing, period, answerWith } = open({ spanMs: hour, endMs: day });
    answerWith(undefined);
    period.choose('day');
    await pass(timing, 0);
    expect(period.find('pump/flow?')).toBeUndefined();
  });
});
