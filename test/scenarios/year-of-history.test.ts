/**
 * A year of history in a real store, from a click to the drawn chart. Here of a reading every five minutes, on a machine that does
 * other things too; a year of 1 Hz, 31.5 million readings, by `npm run bench -- dashboards --only year`.
 */
import { expect, test } from 'vitest';
import { keepScreenshot } from '../support/browser.ts';
import { describeWith } from '../support/servers.ts';
import { YearPage } from './support/year-page.ts';

const everyMs = 5 * 60_000;
/** Twice what is promised of an idle machine. */
const limitMs = 600;

describeWith('chromium', 'A year of history', (chromium) => {
  test('is drawn soon after the click, in few points, and no reading that stands out is lost', async () => {
    await using year = await YearPage.open(chromium, everyMs);
    const { readings, tookMs, points, widthPx, largest } = await year.measure(3);
    const times = tookMs.map((ms) => Math.round(ms));
    console.log(
      `A year of ${readings} readings: ${points} points for ${widthPx} px, drawn in ${times.join(', ')} ms.`,
    );
    await keepScreenshot(year.page, 'year');
    expect(points).toBeGreaterThan(widthPx / 2);
    expect(points).toBeLessThanOrEqual(2 * widthPx);
    expect(largest).toBe(90);
    expect(Math.min(...tookMs)).toBeLessThan(limitMs);
  });
});
