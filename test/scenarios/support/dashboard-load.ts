/** A real hub, a real browser, and one page that is logged in at it: for what a full screen of live data costs. */
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, logInAt } from '../../support/browser.ts';
import { HubProcess, until } from '../../support/hub-process.ts';
import { oneBusyDevice, type BusyDevice } from './busy-devices.ts';
import { measurePage, type PageCost } from './page-cost.ts';

/** At least twelve charts are on the screen at once. */
const screen = { width: 1920, height: 2000 };
/** What a page does while it opens is not what it costs. */
const warmUpMs = 5000;

/** What it costs to be shown again. */
export interface Shown {
  readonly exactAfterMs: number;
  /** WebSocket frames that reached the page from then on, in a few seconds. */
  readonly frames: number;
  readonly cost: PageCost;
}

const shownSeconds = 4;

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
    await logInAt(hub, page);
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

  /** Two series of each of these devices, as cards. */
  async showOverview(): Promise<void> {
    await this.page.goto(`${this.hub.url}/#/`);
    await this.page.locator('.card').nth(20).waitFor({ timeout: 30_000 });
    await this.page.waitForTimeout(warmUpMs);
  }

  /**
   * Nothing runs in a tab that nobody looks at (Page Lifecycle: frozen); when it is shown, the last values that the
   * device sent meanwhile are to be there.
   */
  async hideAndShow(busy: BusyDevice, hiddenMs: number): Promise<Shown> {
    const session = await this.page.context().newCDPSession(this.page);
    let frames = 0;
    await session.send('Network.enable');
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await new Promise((resolve) => setTimeout(resolve, hiddenMs));
    const last = await busy.finish();
    session.on('Network.webSocketFrameReceived', () => (frames += 1));
    const measuring = measurePage(this.page, shownSeconds);
    const shownAt = performance.now();
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    const value = this.page.locator('.strip-item', { hasText: 'Metric 7' }).first();
    const exact = (last['m007'] ?? Number.NaN).toFixed(1);
    await value.getByText(exact, { exact: true }).waitFor({ timeout: 10_000 });
    const exactAfterMs = performance.now() - shownAt;
    const cost = await measuring;
    await session.detach();
    return { exactAfterMs, frames, cost };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.hub[Symbol.asyncDispose]();
  }
}
