/** The dashboards in a real browser, against a stub of the hub: the way in, the overview, keys. */
import { expect, test } from 'vitest';
import { firstLoadBytes } from './support/built-dashboards.ts';
import { describeDashboards } from './support/stage.ts';
import { plausibleFleet } from './support/stub-fleet.ts';
import { loginCode, token } from './support/stub-routes.ts';

const firstLoadLimitBytes = 150_000;
const bed = '#/groups/greenhouse/devices/bed-02';

describeDashboards('The dashboards in Chromium', (stage) => {
  test('the first load is under 150 kB after gzip', async () => {
    await stage.serve([]);
    const bytes = firstLoadBytes();
    console.log(`First load of the dashboards: ${(bytes / 1000).toFixed(1)} kB gzip.`);
    expect(bytes).toBeLessThan(firstLoadLimitBytes);
  });

  test('a login link logs in once, and its code leaves the address at once', async () => {
    await stage.open(plausibleFleet(Date.now()));
    expect(stage.page.url()).toBe(`${stage.hub.url}/`);
    expect(stage.hub.usedCodes).toEqual(new Set([loginCode]));
    await stage.page.reload();
    await stage.page.locator('[data-link=live]').waitFor();
    expect(stage.complaints).toEqual([]);
  });

  test('a token logs in too; a wrong one is told', async () => {
    await stage.serve(plausibleFleet(Date.now()));
    await stage.page.goto(stage.hub.url);
    await stage.page.getByLabel('Token').fill('wrong');
    await stage.page.getByRole('button', { name: 'Log in' }).click();
    await stage.page.getByText('The hub does not know this token.').waitFor();
    await stage.page.getByLabel('Token').fill(token);
    await stage.page.keyboard.press('Enter');
    await stage.page.locator('[data-link=live]').waitFor();
  });

  test('the overview shows live values, and says how old a silent device’s are', async () => {
    await stage.open(plausibleFleet(Date.now()));
    // Of all cards: one wave alone can stand still for as long as a test waits.
    const values = stage.page.locator('.card .value-number');
    await values.first().waitFor();
    const before = await values.allInnerTexts();
    await expect.poll(() => values.allInnerTexts(), { timeout: 10_000 }).not.toEqual(before);
    await stage.page.locator('.card', { hasText: 'bed-03' }).getByText('14 min').waitFor();
    expect(await stage.page.locator('.card').count()).toBe(15);
    expect(stage.complaints).toEqual([]);
  });

  test('one who may only look cannot switch, and is told', async () => {
    await stage.open(plausibleFleet(Date.now()), bed, 'viewer');
    await stage.page.getByText('may look but not switch').first().waitFor();
    expect(await stage.page.getByRole('switch', { name: 'Valve' }).isDisabled()).toBe(true);
    await stage.page.goto(`${stage.hub.url}/#/inbox`);
    await stage.page.getByRole('heading', { name: 'Not allowed' }).waitFor();
  });

  test('a hub without devices shows how the first reading is sent', async () => {
    await stage.open([], '', 'admin');
    await stage.page.getByRole('heading', { name: 'No device yet' }).waitFor();
    await stage.page.getByText('mosquitto_pub').waitFor();
    await stage.page.getByRole('button', { name: 'Make a token for thermo-1' }).click();
    await expect.poll(() => stage.page.getByText('sbx_secret_of_t2').count()).toBe(4);
    expect(stage.complaints).toEqual([]);
  });

  test('the status says who does not keep up, and why the last connections ended', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/status');
    await stage.page.getByText('Slow clients now: 1; waiting for them: 18.4 kB.').waitFor();
    const row = stage.page.getByRole('row', { name: 'slow consumer' });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual([
      '1 min ago',
      'slow consumer',
      'websocket',
      '8 min',
      '262 kB',
      '840 ms',
    ]);
    const broker = stage.page.getByRole('row', { name: 'mqtt:house' });
    await broker.getByText('Messages: 12,840; acknowledged: 12,838; connected again: 2.').waitFor();
    await broker.getByText('Dropped by the broker: 7.').waitFor();
    await broker.getByText('What is lost while the hub is away').click();
    await broker.getByText('what its queue for our session holds').waitFor();
    expect(stage.complaints).toEqual([]);
  });

  test('the status warns of a crash loop, and says how far InfluxDB is behind', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/status');
    const figure = stage.page.locator('.figures > div', { hasText: 'InfluxDB lags' });
    await figure.waitFor();
    expect(await figure.innerText()).toMatch(/37\ss behind\s+Waiting: 4,210; 812 kB of 1.1 GB\./);
    expect(await stage.page.getByRole('alert').count()).toBe(0);
    stage.hub.trouble = { starts: { recent: 5, uncleanEnds: 4, looping: true } };
    await stage.page.getByRole('alert').getByText('started 5 times within ten minutes, and 4 of').waitFor();
    stage.hub.trouble = {};
    await stage.page.getByRole('alert').waitFor({ state: 'detached' });
    expect(stage.complaints).toEqual([]);
  });

  test('keys: search finds and opens, brackets walk, g o goes home, t changes the theme', async () => {
    await stage.open(plausibleFleet(Date.now()));
    await stage.page.keyboard.press('/');
    await stage.page.getByRole('combobox', { name: 'Search' }).fill('bed-07');
    await stage.page.getByRole('option', { name: 'bed-07' }).waitFor();
    await stage.page.keyboard.press('Enter');
    await stage.page.getByRole('heading', { name: 'bed-07' }).waitFor();
    await stage.page.keyboard.press(']');
    await stage.page.getByRole('heading', { name: 'bed-08' }).waitFor();
    await stage.page.keyboard.press('g');
    await stage.page.keyboard.press('o');
    await stage.page.locator('.card').first().waitFor();
    await stage.page.keyboard.press('t');
    expect(await stage.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    await stage.page.keyboard.press('?');
    await stage.page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  });
});
