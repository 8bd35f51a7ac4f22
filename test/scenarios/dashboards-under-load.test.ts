/** What a full screen of live data costs a browser, with a real hub and real senders. Longer: `npm run soak -- dashboards`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepScreenshot } from '../support/browser.ts';
import { describeWith } from '../support/servers.ts';
import { busyFleet } from './support/busy-devices.ts';
import { DashboardUnderLoad } from './support/dashboard-load.ts';
import { costText, measurePage, type PageCost } from './support/page-cost.ts';

const frozenMs = 10_000;
const watchedSeconds = 30;
/** A page that grew at this pace would hold half a gigabyte after an hour. */
const growthPerSecond = 145_000;

function expectLight(cost: PageCost): void {
  // A trace without tasks would prove nothing.
  expect(cost.mainThread).toBeGreaterThan(0.005);
  expect(cost.mainThread).toBeLessThan(0.35);
  expect(cost.longTasksMs.length).toBeLessThanOrEqual(1);
}

describeWith('chromium', 'Dashboards under load', (chromium) => {
  let load: DashboardUnderLoad;
  beforeAll(async () => {
    load = await DashboardUnderLoad.open(chromium);
  });
  afterAll(() => load[Symbol.asyncDispose]());

  test(
    'a hundred series at 10 Hz in twelve visible charts; hidden and shown again, exact at once',
    { timeout: 180_000 },
    async () => {
      const { busy, inView } = await load.showHundredSeries();
      using _sender = busy;
      expect(inView).toBeGreaterThanOrEqual(12);
      const cost = await measurePage(load.page, watchedSeconds);
      console.log(`100 series at 10 Hz in ${inView} charts: ${costText(cost)}.`);
      await keepScreenshot(load.page, 'twelve-charts');
      expectLight(cost);
      expect(cost.heapBytes[1] - cost.heapBytes[0]).toBeLessThan(growthPerSecond * watchedSeconds);

      const { exactAfterMs, frames, cost: after } = await load.hideAndShow(busy, frozenMs);
      console.log(
        `Shown again after ${frozenMs / 1000} s: exact after ${Math.round(exactAfterMs)} ms, ${frames} frames, ${costText(after)}.`,
      );
      // Ten frames came each second: what was missed comes as one answer or as few frames, not as it was.
      expect(frames).toBeLessThan(frozenMs / 200);
      expectLight(after);
    },
  );

  test('a thousand series on the overview at 1 Hz', { timeout: 120_000 }, async () => {
    using _fleet = await busyFleet(load.hub, 500);
    await load.showOverview();
    const cost = await measurePage(load.page, 15);
    console.log(`1,000 series at 1 Hz on the overview: ${costText(cost)}.`);
    expectLight(cost);
    // Painted at once, the cards of one screen took 30 to 52 ms.
    expect(cost.longestMs).toBeLessThan(30);
  });
});
