/** The Socket.IO Admin UI as its package ships it, in a real browser at a real hub: live figures, and no other host. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { io, type Socket } from 'socket.io-client';
import { keepScreenshot, launchBrowser, logInAt, sizes, watchComplaints } from '../support/browser.ts';
import { HubProcess } from '../support/hub-process.ts';
import { describeWith } from '../support/servers.ts';

describeWith('chromium', 'The Socket.IO Admin UI', (chromium) => {
  let hub: HubProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  const asked: URL[] = [];
  const clients: Socket[] = [];

  beforeAll(async () => {
    hub = await HubProcess.start(['--admin-ui']);
    browser = await launchBrowser(chromium);
    page = await browser.newPage({ viewport: sizes.desktop });
    complaints = watchComplaints(page);
    page.on('request', (request) => asked.push(new URL(request.url())));
    page.on('websocket', (socket) => asked.push(new URL(socket.url())));
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await browser.close();
    await hub[Symbol.asyncDispose]();
  });

  test('is a stranger to whoever is not logged in', async () => {
    await page.goto(`${hub.url}/admin-ui/`);
    await page.getByText('Invalid namespace').waitFor();
    await expectOwnHostOnly();
  });

  test('is linked from the status, and shows live figures to an admin without asking for anything', async () => {
    await logInAt(hub, page);
    complaints.length = 0;
    await page.goto(`${hub.url}/#/status`);
    await page.getByRole('link', { name: 'Open the Socket.IO Admin UI' }).click();
    await page.getByText('connected', { exact: true }).first().waitFor();
    const fleet = page.getByRole('row').filter({ has: page.getByText('/', { exact: true }) });
    await page.getByText('/admin', { exact: true }).first().waitFor();
    for (let index = 0; index < 7; index += 1)
      clients.push(io(hub.url, { auth: { token: hub.adminToken }, forceNew: true, reconnection: false }));
    await fleet.getByText('7', { exact: true }).waitFor();
    await keepScreenshot(page, 'admin-ui');
    for (const client of clients.splice(0)) client.disconnect();
    await fleet.getByText('0', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await expectOwnHostOnly();
  });

  test('is found without the slash, and fits a phone, light and dark', async () => {
    await page.setViewportSize(sizes.phone);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${hub.url}/admin-ui`);
      expect(new URL(page.url()).pathname).toBe('/admin-ui/');
      // On a phone the drawer that says so is closed.
      await page.getByText('connected', { exact: true }).first().waitFor({ state: 'attached' });
      await page.locator('main').first().waitFor();
      await keepScreenshot(page, `admin-ui-phone-${colorScheme}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
  });

  async function expectOwnHostOnly(): Promise<void> {
    expect(asked.some(({ pathname }) => pathname === '/socket.io/')).toBe(true);
    expect([...new Set(asked.map(({ host }) => host))]).toEqual([new URL(hub.url).host]);
    expect(await page.evaluate(() => document.fonts.size)).toBe(0);
  }
});
