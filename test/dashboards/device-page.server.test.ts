/** The page of one device in a real browser: charts, controls, and what a cut does to them. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inkOf, openYear, watchBuckets } from '../support/chart-page.ts';
import { hold } from '../support/browser.ts';
import { describeDashboards } from './support/stage.ts';
import { plausibleFleet } from './support/stub-fleet.ts';
import type { StubHub } from './support/stub-hub.ts';

const bed = '#/groups/greenhouse/devices/bed-02';

describeDashboards('The page of a device', (stage) => {
  test('a chart joins history and live, and moves', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    const canvas = stage.page.locator('.chart canvas').first();
    await canvas.waitFor();
    await stage.page.getByRole('button', { name: '5 min' }).click();
    await expect.poll(() => inkOf(stage.page)).toBeGreaterThan(500);
    const before = await stage.page.evaluate(pictureOf);
    await expect.poll(() => stage.page.evaluate(pictureOf), { timeout: 5000 }).not.toBe(before);
    expect(stage.complaints).toEqual([]);
  });

  test('a click on a switch is pending, then confirmed, and everybody sees the command', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    const { promise, resolve: confirm } = Promise.withResolvers<void>();
    stage.hub.confirmation = () => promise;
    const valve = stage.page.getByRole('switch', { name: 'Valve' });
    await valve.click();
    await stage.page.getByText('waiting for the device').waitFor();
    expect(await valve.getAttribute('aria-checked')).toBe('false');
    confirm();
    await stage.page.getByText('confirmed by the device').waitFor();
    await expect.poll(() => valve.getAttribute('aria-checked')).toBe('true');
    await stage.page.goto(`${stage.hub.url}/#/commands`);
    await stage.page.locator('.table', { hasText: 'succeeded' }).waitFor();
    expect(stage.complaints).toEqual([]);
  });

  test('a failed command says why, and the switch stays where the device is', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    stage.hub.failNextWith = 'The valve is stuck.';
    const valve = stage.page.getByRole('switch', { name: 'Valve' });
    await valve.click();
    await stage.page.getByText('failed: The valve is stuck.').waitFor();
    expect(await valve.getAttribute('aria-checked')).toBe('false');
  });

  test('a set-point, a colour and a text are sent as they were typed; what was confirmed can be taken back', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    await stage.page.getByLabel('Interval').first().fill('90');
    await stage.page.getByRole('button', { name: 'Set: Interval' }).click();
    await expect.poll(() => lastArgs(stage.hub)).toEqual({ value: 90 });
    await stage.page.getByLabel('Interval').first().fill('4000');
    expect(await stage.page.getByRole('button', { name: 'Set: Interval' }).isDisabled()).toBe(true);
    await stage.page.getByLabel('Label').first().fill('<b>north</b>');
    await stage.page.keyboard.press('Enter');
    await expect.poll(() => lastArgs(stage.hub)).toEqual({ value: '<b>north</b>' });
    await stage.page.getByLabel('Lamp').fill('#ff8800');
    await expect.poll(() => lastArgs(stage.hub)).toEqual({ value: '#ff8800' });
    const valve = stage.page.getByRole('switch', { name: 'Valve' });
    await valve.click();
    await stage.page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => lastArgs(stage.hub)).toEqual({ value: false });
    await expect.poll(() => valve.getAttribute('aria-checked')).toBe('false');
    expect(stage.complaints).toEqual([]);
  });

  test('what is dangerous acts when it is held, and not by a slip', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    const reset = stage.page.getByRole('button', { name: 'Press: Factory reset' });
    await reset.click();
    await reset.click({ delay: 100 });
    expect(stage.hub.commands).toEqual([]);
    await hold(reset);
    await expect.poll(() => stage.hub.commands.map(({ name }) => name)).toEqual(['reset']);
    await stage.page.getByText('confirmed by the device').waitFor();
  });

  test('charts are compared with an earlier time, moved by keys, and kept as a file', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    const chart = stage.page.getByRole('region', { name: /^Chart of Temperature/ });
    await expect.poll(() => inkOf(stage.page)).toBeGreaterThan(500);
    await stage.page.getByLabel('Compare with').selectOption('day');
    const earlier = chart.locator('.chart-before');
    await expect
      .poll(async () => {
        await chart.locator('.u-over').hover();
        return await earlier.innerText();
      })
      .toMatch(/^[\d.]+$/);
    await chart.focus();
    await stage.page.keyboard.press('ArrowLeft');
    await stage.page.getByRole('button', { name: 'paused' }).waitFor();
    await stage.page.keyboard.press('Home');
    await stage.page.getByRole('button', { name: 'live', exact: true }).waitFor();
    const downloading = stage.page.waitForEvent('download');
    await stage.page.getByRole('button', { name: 'CSV' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^bed-02_[\d-]+T[\d-]+\.csv$/);
    const lines = readFileSync(await file.path(), 'utf8').split('\r\n');
    expect(lines[0]).toBe('group,device,metric,tags,unit,time,min,mean,max,count');
    expect(
      lines.filter((line) => line.startsWith('greenhouse,bed-02,temperature,,Cel,')).length,
    ).toBeGreaterThan(200);
    expect(stage.complaints).toEqual([]);
  });

  test(
    'after the hub was killed the page comes back by itself and the chart has no hole',
    { timeout: 90_000 },
    async () => {
      await stage.open(plausibleFleet(Date.now()), bed);
      await stage.page.getByRole('button', { name: '5 min' }).click();
      await expect.poll(() => inkOf(stage.page)).toBeGreaterThan(500);
      await stage.hub.stop();
      await stage.page.locator('[data-link=offline]').waitFor();
      const cutMs = Date.now();
      await stage.page.getByRole('alert').getByText('No link to the hub since').waitFor();
      // Long enough for a hole that the eye would see.
      await stage.page.waitForFunction((from) => Date.now() > from + 5000, cutMs);
      await stage.hub.start();
      await stage.page.getByRole('button', { name: 'Try now' }).click();
      await stage.page.locator('[data-link=live]').waitFor({ timeout: 60_000 });
      // Every second of the last minute has ink: a hole of four would be as many empty columns.
      await expect.poll(() => longestHole(stage.page), { timeout: 10_000 }).toBeLessThan(6);
    },
  );

  test('a year is one question with about a point per pixel, and is drawn at once', async () => {
    const buckets = watchBuckets(stage.page);
    await stage.open(plausibleFleet(Date.now()), bed);
    await expect.poll(() => inkOf(stage.page)).toBeGreaterThan(500);
    const { tookMs, widthPx } = await openYear(stage.page);
    const points = buckets.most();
    console.log(
      `A year: ${points} points per series on the wire for ${widthPx} px, drawn in ${Math.round(tookMs)} ms.`,
    );
    expect(points).toBeGreaterThan(100);
    expect(points).toBeLessThanOrEqual(2 * widthPx);
    expect(tookMs).toBeLessThan(1500);
    expect(stage.complaints).toEqual([]);
  });
});

function lastArgs({ commands }: StubHub): unknown {
  return commands.at(-1)?.args;
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
