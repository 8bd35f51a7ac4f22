/** A real hub, a real browser, and one page that is logged in at it: for what a full screen of live data costs. */
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { HubProcess, until } from '../../support/hub-process.ts';
import { oneBusyDevice, type BusyDevice } from './busy-devices.ts';

/** At least twelve charts are on the screen at once. */
const screen = { width: 1920, height: 2000 };
/** What a page does while it opens is not what it costs. */
export const warmUpMs = 5000;

export class DashboardUnderLoad implements AsyncDisposable {
  readonly hub: HubProcess;
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(hub: HubProcess, browser: Browser, page: Page) {
    this.hub = hub;
    this.page = page;
    this.#browser = browser;
  }

  static async open(chromium: string): Promise<DashboardUnderLoad> {
    const hub = await HubProcess.start();
    const browser = await launchBrowser(chromium);
    const page = await browser.newPage({ viewport: screen });
    await page.goto(hub.url);
    await page.getByLabel('Token').fill(hub.adminToken);
    await page.keyboard.press('Enter');
    await page.locator('[data-link=live]').waitFor();
    return new DashboardUnderLoad(hub, browser, page);
  }

  /** A hundred series at 10 Hz: twelve charts of eight, and four of what is left. @returns how many charts are in view */
  async showHundredSeries(): Promise<{ readonly busy: BusyDevice; readonly inView: number }> {
    const busy = await oneBusyDevice(this.hub, 100, 10);
    await this.page.goto(`${this.hub.url}/#/groups/${busy.group}/devices/${busy.device}`);
    await this.page.getByRole('heading', { name: 'Busy device' }).waitFor();
    await this.page.getByRole('button', { name: '5 min' }).click();
    const charts = this.page.locator('.chart');
    await until(async () => (await charts.count()) === 16, 10_000);
    await this.page.waitForTimeout(warmUpMs);
    const inView = await charts.evaluateAll(
      (all) => all.filter((chart) => chart.getBoundingClientRect().bottom <= window.innerHeight).length,
    );
    return { busy, inView };
  }

  /** As a browser does with a tab that nobody looks at: nothing runs in it. */
  async freeze(): Promise<() => Promise<void>> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    return async () => {
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await session.detach();
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.hub[Symbol.asyncDispose]();
  }
}
