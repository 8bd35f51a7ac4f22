/** Quarantine in a real browser. */
import { expect, test } from 'vitest';
import { hold } from '../support/browser.ts';
import { describeDashboards } from './support/stage.ts';
import { plausibleFleet } from './support/stub-fleet.ts';

describeDashboards('Quarantine', (stage) => {
  test('is shown with its reasons, replayed as far as it can be, and purged by holding', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/inbox');
    const { page, hub } = stage;
    await page.getByText('The newest 50 are shown; in quarantine: 230.').waitFor();
    await page.getByText('tele/<b>boiler</b>/SENSOR').first().waitFor();
    await page.getByRole('button', { name: 'Replay all of these' }).click();
    await page.getByText('Taken in: messages 115, readings 115.').waitFor();
    await page.getByText('Left where they were: not-from-mqtt 115.').waitFor();
    await page.getByText('in quarantine: 115.').waitFor();
    await hold(page.getByRole('button', { name: 'Purge: 229' }));
    await page.getByText('Purged: 1.').waitFor();
    await page.getByRole('combobox', { name: 'Reason' }).selectOption('bad-line');
    await hold(page.getByRole('button', { name: 'Purge all of these' }));
    await page.getByText('Nothing is in quarantine.').waitFor();
    expect(hub.keeping.quarantine).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });

  test('can be taken out as a file', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/inbox');
    const link = stage.page.getByRole('link', { name: 'Export all (NDJSON)' });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('/api/v1/quarantine/export');
  });
});
