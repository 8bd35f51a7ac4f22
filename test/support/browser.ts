/** A headless Chromium of the machine, driven by Playwright, that talks to loopback only. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { holdMs } from '../../dashboards/components/hold.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

export async function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags, headless: true });
}

/** Opens the pages of a hub, logs in by a token, and waits until they are live. */
export async function logInAt(
  { url, adminToken }: { url: string; adminToken: string },
  page: Page,
): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Token').fill(adminToken);
  await page.keyboard.press('Enter');
  await page.locator('[data-link=live]').waitFor();
}

/** Holds a dangerous button until it has acted: timers of one page run out in order, and this one is set after its own. */
export async function hold(button: Locator): Promise<void> {
  const page = button.page();
  await button.click({ trial: true });
  await button.hover();
  await page.mouse.down();
  await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), holdMs);
  await page.mouse.up();
}

/** Everything that went wrong in a page: errors, console errors, blocked content. A good page leaves it empty. */
export function watchComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  return complaints;
}

/** Keeps a picture where `SIGNALBOX_SCREENSHOTS` says; does nothing without it. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['SIGNALBOX_SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
