/** A headless Chromium of the machine, driven by Playwright, that talks to loopback only. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

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
