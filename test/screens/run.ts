/**
 * `npm run screens -- FOLDER [--only device]`: pictures of every screen in both themes, both widths and both languages,
 * of a hub with demo data, to be looked at. Nothing of it is kept in the repository.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, sizes, watchComplaints } from '../support/browser.ts';
import { HubProcess } from '../support/hub-process.ts';
import { findProgram } from '../support/servers.ts';
import { DemoHub } from './demo-hub.ts';
import { screens, type Screen } from './screens.ts';

interface Look {
  readonly theme: 'light' | 'dark';
  readonly size: keyof typeof sizes;
  readonly locale: 'en' | 'zh-CN';
}

const looks: readonly Look[] = (['light', 'dark'] as const).flatMap((theme) =>
  (['desktop', 'phone'] as const).flatMap((size) =>
    (['en', 'zh-CN'] as const).map((locale) => ({ theme, size, locale })),
  ),
);

async function openPage(browser: Browser, { theme, size, locale }: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: theme,
    locale,
    reducedMotion: 'reduce',
    hasTouch: size === 'phone',
  });
  return context.newPage();
}

/** In the page, whatever language it is in. */
async function logIn(page: Page, hub: HubProcess): Promise<void> {
  await page.goto(hub.url);
  await page.locator('.login input').fill(hub.adminToken);
  await page.keyboard.press('Enter');
  await page.locator('[data-link=live]').waitFor();
}

async function picture(page: Page, folder: string, name: string): Promise<void> {
  await page.waitForFunction(() => document.querySelector('main .loading') === null);
  // Charts and curves are drawn in turns.
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

async function takeAll(
  browser: Browser,
  hubs: Readonly<Record<Screen['hub'], HubProcess>>,
  folder: string,
  only: RegExp,
): Promise<number> {
  let count = 0;
  for (const look of looks) {
    const page = await openPage(browser, look);
    const complaints = watchComplaints(page);
    let at: Screen['hub'] | undefined;
    for (const [name, screen] of Object.entries(screens)) {
      const file = `${name}-${look.theme}-${look.size}-${look.locale}`;
      if (!only.test(file)) continue;
      const hub = hubs[screen.hub];
      if (screen.isOutside === true) await page.context().clearCookies();
      else if (at !== screen.hub) await logIn(page, hub);
      at = screen.isOutside === true ? undefined : screen.hub;
      await page.goto('about:blank');
      await page.goto(`${hub.url}/${screen.hash}`);
      await page.locator(screen.shows).first().waitFor();
      await screen.act?.(page);
      await picture(page, folder, file);
      count += 1;
    }
    for (const complaint of complaints)
      console.log(`${look.theme} ${look.size} ${look.locale}: ${complaint}`);
    await page.context().close();
  }
  return count;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { only: { type: 'string', default: '' } },
    allowPositionals: true,
  });
  const [folder] = positionals;
  const chromium = findProgram('chromium');
  if (folder === undefined) throw new Error('Say where to: npm run screens -- FOLDER');
  if (chromium === undefined) throw new Error('Chromium is not installed: test/install-servers installs it.');
  mkdirSync(folder, { recursive: true });
  await using demo = await DemoHub.start();
  await using empty = await HubProcess.start();
  const browser = await launchBrowser(chromium);
  try {
    const hubs = { demo: demo.hub, empty };
    const count = await takeAll(browser, hubs, folder, new RegExp(values.only));
    console.log(`${count} pictures in ${folder}.`);
  } finally {
    await browser.close();
  }
}

await main();
