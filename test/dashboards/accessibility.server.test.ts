/**
 * Every screen, light and dark, on a desk and on a phone, under the rules of WCAG 2.2 A and AA that a program can check; and
 * for who asks for more contrast, that of AAA.
 */
import type axeCore from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepScreenshot, launchBrowser, sizes } from '../support/browser.ts';
import { describeWith } from '../support/servers.ts';
import { objections } from './support/axe.ts';
import { dashboardsFolder } from './support/built-dashboards.ts';
import { plausibleFleet } from './support/stub-fleet.ts';
import { StubHub } from './support/stub-hub.ts';
import { loginCode } from './support/stub-routes.ts';

/** WCAG 2.2, 1.4.6 Contrast (Enhanced). */
const moreContrast: axeCore.RunOnly = { type: 'rule', values: ['color-contrast-enhanced'] };
const screens = {
  overview: '#/',
  device: '#/groups/greenhouse/devices/bed-02',
  commands: '#/commands',
  inbox: '#/inbox',
  status: '#/status',
  settings: '#/settings',
} as const;

describeWith('chromium', 'Everybody can use the dashboards', (chromium) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(chromium);
  });
  afterAll(async () => {
    await browser.close();
  });

  test('the rules find what is wrong', async () => {
    const page = await browser.newPage();
    await page.setContent('<html lang="en"><title>x</title><main><img src="data:,"></main></html>');
    expect(await objections(page)).toEqual([expect.stringContaining('image-alt')]);
    await page.close();
  });

  const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
    (['desktop', 'phone'] as const).map((size) => ({ colorScheme, size })),
  );
  test.each(looks)(
    'on every screen, $colorScheme, $size',
    { timeout: 60_000 },
    async ({ colorScheme, size }) => {
      const hub = new StubHub({ devices: plausibleFleet(Date.now()), folder: dashboardsFolder, stepMs: 200 });
      hub.role = 'admin';
      for (const why of ['waiting', 'denied', 'archived'])
        hub.keeping.hidden.set(
          why,
          hub.devices.slice(0, 2).map(({ info }) => info),
        );
      await hub.start(0);
      const page = await browser.newPage({ viewport: sizes[size], colorScheme, reducedMotion: 'reduce' });
      const found: Record<string, readonly string[]> = {};
      try {
        await page.goto(hub.url);
        await page.getByLabel('Token').waitFor();
        found['login'] = await objections(page);
        await page.goto(`${hub.url}/#login=${loginCode}`);
        await page.reload();
        await page.locator('[data-link=live]').waitFor();
        for (const [name, hash] of Object.entries(screens)) {
          await page.goto(`${hub.url}/${hash}`);
          await page.locator('main h1, main h2').first().waitFor();
          if (name === 'device') await page.getByText('Edit this device').click();
          await page.waitForFunction(() => document.querySelector('main .loading') === null);
          found[name] = await objections(page);
          await page.emulateMedia({ contrast: 'more' });
          found[`${name}, more contrast`] = await objections(page, moreContrast);
          await keepScreenshot(page, `${name}-${colorScheme}-${size}-contrast`);
          await page.emulateMedia({ contrast: 'no-preference' });
          await keepScreenshot(page, `${name}-${colorScheme}-${size}`);
        }
      } finally {
        await page.close();
        await hub.stop();
      }
      expect(Object.values(found).flat()).toEqual([]);
      expect(Object.keys(found)).toHaveLength(2 * Object.keys(screens).length + 1);
    },
  );
});
