/** The overview of a large fleet in a real browser: filtered as one types, drawn only where one looks. */
import { expect, test } from 'vitest';
import { keepScreenshot, sizes } from '../support/browser.ts';
import { describeDashboards } from './support/stage.ts';
import { largeFleet, plausibleFleet } from './support/stub-fleet.ts';

const count = 10_000;

describeDashboards('The overview', (stage) => {
  test('ten thousand devices are filtered as one types, and only those near the screen are drawn', async () => {
    await stage.open(largeFleet(Date.now(), count, 40));
    const { page } = stage;
    const cards = page.locator('.card:not(.skeleton)');
    await cards.first().waitFor();
    await expect.poll(() => cards.count()).toBeGreaterThan(10);
    expect(await cards.count()).toBeLessThan(200);

    const filter = page.getByRole('searchbox', { name: 'Filter devices' });
    await filter.fill('therm');
    await page.getByRole('status').getByText('6,666 of 10,000').waitFor();
    const startedAt = await page.evaluate(() => performance.now());
    await filter.fill('thermo r47 sensor-00047');
    await page.getByRole('status').getByText('1 of 10,000').waitFor();
    const tookMs = (await page.evaluate(() => performance.now())) - startedAt;
    console.log(`Filtering ${count} devices, from the key to what is shown: ${Math.round(tookMs)} ms.`);
    expect(tookMs).toBeLessThan(2000);
    expect(await cards.allInnerTexts()).toEqual([expect.stringContaining('sensor-00047')]);

    await filter.fill('no such thing');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await page.getByRole('link', { name: 'sensor-09999' }).waitFor();
    await page.locator('.card .value-number').first().waitFor();
    expect(await cards.count()).toBeLessThan(200);
    expect(stage.complaints).toEqual([]);
  });

  test('shows the same devices as cards and as rows, and remembers which', async () => {
    await stage.open(plausibleFleet(Date.now()));
    const { page } = stage;
    await page.locator('.card').nth(14).waitFor();
    await page.getByRole('button', { name: 'as a table' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(15);
    await page.getByRole('row', { name: 'Heat pump' }).locator('.value-number').first().waitFor();
    await keepScreenshot(page, 'table-desktop');
    await page.setViewportSize(sizes.phone);
    await keepScreenshot(page, 'table-phone');
    await page.reload();
    await page.getByRole('row', { name: 'bed-01' }).waitFor();
    await page.getByRole('combobox', { name: 'Presence' }).selectOption('stale');
    await page.getByRole('status').getByText('1 of 15').waitFor();
    expect(await page.getByRole('row').count()).toBe(1);
    expect(stage.complaints).toEqual([]);
  });
});
