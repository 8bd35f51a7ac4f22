/** The dashboards in a real browser, against a stub of the hub: what a person does, and what a person sees. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, sizes, watchComplaints } from '../support/browser.ts';
import { describeWith } from '../support/servers.ts';
import { buildDashboards } from './support/built-dashboards.ts';
import type { BuiltDashboards } from './support/built-dashboards.ts';
import { hostileFleet, plausibleFleet } from './support/stub-fleet.ts';
import type { StubDevice } from './support/stub-fleet.ts';
import { StubHub } from './support/stub-hub.ts';
import { loginCode, token } from './support/stub-routes.ts';

const firstLoadLimitBytes = 150_000;
const bed = '#/groups/greenhouse/devices/bed-02';

describeWith('chromium', 'The dashboards in Chromium', (chromium) => {
  let built: BuiltDashboards;
  let browser: Browser;
  let hub: StubHub;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    built = await buildDashboards();
    browser = await launchBrowser(chromium);
  });
  afterAll(async () => {
    await browser.close();
    built[Symbol.dispose]();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: sizes.desktop });
    complaints = watchComplaints(page);
  });
  afterEach(async () => {
    await page.close();
    await hub.stop();
  });

  async function open(devices: readonly StubDevice[], hash = ''): Promise<void> {
    hub = new StubHub({ devices, folder: built.folder, stepMs: 200 });
    await hub.start(0);
    await page.goto(`${hub.url}/#login=${loginCode}`);
    await page.locator('[data-link=live]').waitFor();
    if (hash !== '') await page.goto(`${hub.url}/${hash}`);
  }

  test('the first load is under 150 kB after gzip', () => {
    hub = new StubHub({ devices: [], folder: built.folder });
    console.log(`First load of the dashboards: ${(built.firstLoadBytes / 1000).toFixed(1)} kB gzip.`);
    expect(built.firstLoadBytes).toBeLessThan(firstLoadLimitBytes);
  });

  test('a login link logs in once, and its code leaves the address at once', async () => {
    await open(plausibleFleet(Date.now()));
    expect(page.url()).toBe(`${hub.url}/`);
    expect(hub.usedCodes).toEqual(new Set([loginCode]));
    await page.reload();
    await page.locator('[data-link=live]').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a token logs in too; a wrong one is told', async () => {
    hub = new StubHub({ devices: plausibleFleet(Date.now()), folder: built.folder });
    await hub.start(0);
    await page.goto(hub.url);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('The hub does not know this token.').waitFor();
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await page.locator('[data-link=live]').waitFor();
  });

  test('the overview shows live values, and says how old a silent device’s are', async () => {
    await open(plausibleFleet(Date.now()));
    const value = page.locator('.card', { hasText: 'Heat pump' }).locator('.value-number').first();
    await value.waitFor();
    const before = await value.innerText();
    await expect.poll(() => value.innerText(), { timeout: 10_000 }).not.toBe(before);
    await page.locator('.card', { hasText: 'bed-03' }).getByText('14 min').waitFor();
    expect(await page.locator('.card').count()).toBe(15);
    expect(complaints).toEqual([]);
  });

  test('a chart joins history and live, and moves', async () => {
    await open(plausibleFleet(Date.now()), bed);
    const canvas = page.locator('.chart canvas').first();
    await canvas.waitFor();
    await page.getByRole('button', { name: '5 min' }).click();
    await expect.poll(() => inkOf(page)).toBeGreaterThan(500);
    const before = await page.evaluate(pictureOf);
    await expect.poll(() => page.evaluate(pictureOf), { timeout: 5000 }).not.toBe(before);
    expect(complaints).toEqual([]);
  });

  test('a click on a switch is pending, then confirmed, and everybody sees the command', async () => {
    await open(plausibleFleet(Date.now()), bed);
    hub.confirmAfterMs = 600;
    const valve = page.getByRole('switch', { name: 'Valve' });
    await valve.click();
    await page.getByText('waiting for the device').waitFor();
    expect(await valve.getAttribute('aria-checked')).toBe('false');
    await page.getByText('confirmed by the device').waitFor();
    await expect.poll(() => valve.getAttribute('aria-checked')).toBe('true');
    await page.goto(`${hub.url}/#/commands`);
    await page.locator('.table', { hasText: 'succeeded' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a failed command says why, and the switch stays where the device is', async () => {
    await open(plausibleFleet(Date.now()), bed);
    hub.failNextWith = 'The valve is stuck.';
    const valve = page.getByRole('switch', { name: 'Valve' });
    await valve.click();
    await page.getByText('failed: The valve is stuck.').waitFor();
    expect(await valve.getAttribute('aria-checked')).toBe('false');
  });

  test('a set-point, a colour and a text are sent as they were typed; what was confirmed can be taken back', async () => {
    await open(plausibleFleet(Date.now()), bed);
    await page.getByLabel('Interval').first().fill('90');
    await page.getByRole('button', { name: 'Set: Interval' }).click();
    await expect.poll(() => lastArgs(hub)).toEqual({ value: 90 });
    await page.getByLabel('Interval').first().fill('4000');
    expect(await page.getByRole('button', { name: 'Set: Interval' }).isDisabled()).toBe(true);
    await page.getByLabel('Label').first().fill('<b>north</b>');
    await page.keyboard.press('Enter');
    await expect.poll(() => lastArgs(hub)).toEqual({ value: '<b>north</b>' });
    await page.getByLabel('Lamp').fill('#ff8800');
    await expect.poll(() => lastArgs(hub)).toEqual({ value: '#ff8800' });
    const valve = page.getByRole('switch', { name: 'Valve' });
    await valve.click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => lastArgs(hub)).toEqual({ value: false });
    await expect.poll(() => valve.getAttribute('aria-checked')).toBe('false');
    expect(complaints).toEqual([]);
  });

  test('what is dangerous acts when it is held, and not by a slip', async () => {
    await open(plausibleFleet(Date.now()), bed);
    const reset = page.getByRole('button', { name: 'Press: Factory reset' });
    await reset.click();
    await reset.click({ delay: 100 });
    expect(hub.commands).toEqual([]);
    await reset.click({ delay: 1000 });
    await expect.poll(() => hub.commands.map(({ name }) => name)).toEqual(['reset']);
    await page.getByText('confirmed by the device').waitFor();
  });

  test('charts are compared with an earlier time, moved by keys, and kept as a file', async () => {
    await open(plausibleFleet(Date.now()), bed);
    const chart = page.getByRole('region', { name: /^Chart of Temperature/ });
    await expect.poll(() => inkOf(page)).toBeGreaterThan(500);
    await page.getByLabel('Compare with').selectOption('day');
    const earlier = chart.locator('.chart-before');
    await expect
      .poll(async () => {
        await chart.locator('.u-over').hover();
        return await earlier.innerText();
      })
      .toMatch(/^[\d.]+ °C$/);
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'paused' }).waitFor();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'live', exact: true }).waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^bed-02_[\d-]+T[\d-]+\.csv$/);
    const lines = readFileSync(await file.path(), 'utf8').split('\r\n');
    expect(lines[0]).toBe('group,device,metric,tags,unit,time,min,mean,max,count');
    expect(
      lines.filter((line) => line.startsWith('greenhouse,bed-02,temperature,,Cel,')).length,
    ).toBeGreaterThan(200);
    expect(complaints).toEqual([]);
  });

  test('one who may only look cannot switch, and is told', async () => {
    hub = new StubHub({ devices: plausibleFleet(Date.now()), folder: built.folder });
    hub.role = 'viewer';
    await hub.start(0);
    await page.goto(`${hub.url}/#login=${loginCode}`);
    await page.locator('[data-link=live]').waitFor();
    await page.goto(`${hub.url}/${bed}`);
    await page.getByText('may look but not switch').first().waitFor();
    expect(await page.getByRole('switch', { name: 'Valve' }).isDisabled()).toBe(true);
    await page.goto(`${hub.url}/#/inbox`);
    await page.getByRole('heading', { name: 'Not allowed' }).waitFor();
  });

  test(
    'after the hub was killed the page comes back by itself and the chart has no hole',
    { timeout: 90_000 },
    async () => {
      await open(plausibleFleet(Date.now()), bed);
      await page.getByRole('button', { name: '5 min' }).click();
      await expect.poll(() => inkOf(page)).toBeGreaterThan(500);
      await hub.stop();
      await page.locator('[data-link=offline]').waitFor();
      // Long enough for a hole that the eye would see.
      await page.getByRole('alert').getByText('for 5 sec').waitFor();
      await hub.start();
      await page.getByRole('button', { name: 'Try now' }).click();
      await page.locator('[data-link=live]').waitFor({ timeout: 60_000 });
      // Every second of the last minute has ink: a hole of four would be as many empty columns.
      await expect.poll(() => longestHole(page), { timeout: 10_000 }).toBeLessThan(6);
    },
  );

  test('hostile names and values are text: nothing runs, nothing overflows', async () => {
    await open(hostileFleet(Date.now()));
    await page.locator('.card').nth(4).waitFor();
    for (const size of [sizes.desktop, sizes.phone]) {
      await page.setViewportSize(size);
      for (const hash of [
        '#/',
        '#/groups/hostile',
        '#/groups/hostile/devices/h-0',
        '#/groups/hostile/devices/h-2',
        '#/inbox',
      ]) {
        await page.goto(`${hub.url}/${hash}`);
        await page.locator('.card, .device, .table').first().waitFor();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${hash} at ${size.width}`).toBeLessThanOrEqual(0);
      }
    }
    expect(await page.title()).toBe('Signalbox');
    expect(await page.locator('main img, main script, main b b').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('a hub without devices shows how the first reading is sent', async () => {
    await open([]);
    await page.getByRole('heading', { name: 'No device yet' }).waitFor();
    await page.getByText('mosquitto_pub').waitFor();
    expect(complaints).toEqual([]);
  });

  test('the status says who does not keep up, and why the last connections ended', async () => {
    await open(plausibleFleet(Date.now()), '#/status');
    await page.getByText('Slow clients now: 1; waiting for them: 18.4 kB.').waitFor();
    const row = page.getByRole('row', { name: 'slow consumer' });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual([
      '1 min ago',
      'slow consumer',
      'websocket',
      '8 min',
      '262 kB',
      '840 ms',
    ]);
    expect(complaints).toEqual([]);
  });

  test('keys: search finds and opens, brackets walk, g o goes home, t changes the theme', async () => {
    await open(plausibleFleet(Date.now()));
    await page.keyboard.press('/');
    await page.getByRole('combobox').fill('bed-07');
    await page.getByRole('option', { name: 'bed-07' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'bed-07' }).waitFor();
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: 'bed-08' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.locator('.card').first().waitFor();
    await page.keyboard.press('t');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  });
});

function lastArgs({ commands }: StubHub): unknown {
  return commands.at(-1)?.args;
}

/** How many pixels of the first chart are drawn. */
function inkOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.chart canvas');
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let ink = 0;
    for (let index = 3; index < data.length; index += 4) if ((data[index] ?? 0) > 0) ink += 1;
    return ink;
  });
}

function pictureOf(): string {
  return document.querySelector<HTMLCanvasElement>('.chart canvas')?.toDataURL() ?? '';
}

/** The widest run of columns without the curve's colour, in pixels, right of the value axis and up to the newest data. */
function longestHole(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.chart canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return Number.POSITIVE_INFINITY;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const isCurve = (x: number): boolean => {
      for (let y = 0; y < canvas.height - 30; y += 1) {
        const at = (y * canvas.width + x) * 4;
        // The curve is the one saturated colour: grid and labels are grey.
        if ((data[at + 3] ?? 0) > 100 && Math.abs((data[at] ?? 0) - (data[at + 2] ?? 0)) > 60) return true;
      }
      return false;
    };
    let longest = 0;
    let run = 0;
    for (let x = 64; x < canvas.width - 10; x += 1) {
      run = isCurve(x) ? 0 : run + 1;
      longest = Math.max(longest, run);
    }
    return longest;
  });
}
