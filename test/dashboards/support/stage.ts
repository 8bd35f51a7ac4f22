/** One browser, one page and one stub hub per test: what tests of the dashboards in Chromium stand on. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, sizes, watchComplaints } from '../../support/browser.ts';
import { describeWith } from '../../support/servers.ts';
import { dashboardsFolder } from './built-dashboards.ts';
import type { StubDevice } from './stub-fleet.ts';
import { StubHub } from './stub-hub.ts';
import { loginCode } from './stub-routes.ts';

export class Stage {
  browser!: Browser;
  page!: Page;
  hub!: StubHub;
  /** What went wrong in the page; a good test ends with none. */
  complaints: string[] = [];

  /** A hub with these devices that nobody is logged in at. */
  async serve(devices: readonly StubDevice[], role: StubHub['role'] = 'operator'): Promise<void> {
    this.hub = new StubHub({ devices, folder: dashboardsFolder, stepMs: 200 });
    this.hub.role = role;
    await this.hub.start(0);
  }

  /** The same, logged in, at this address. */
  async open(devices: readonly StubDevice[], hash = '', role?: StubHub['role']): Promise<void> {
    await this.serve(devices, role);
    await this.page.goto(`${this.hub.url}/#login=${loginCode}`);
    await this.page.locator('[data-link=live]').waitFor();
    if (hash !== '') await this.page.goto(`${this.hub.url}/${hash}`);
  }
}

export function describeDashboards(title: string, suite: (stage: Stage) => void): void {
  describeWith('chromium', title, (chromium) => {
    const stage = new Stage();
    beforeAll(async () => {
      stage.browser = await launchBrowser(chromium);
    });
    afterAll(async () => {
      await stage.browser.close();
    });
    beforeEach(async () => {
      stage.page = await stage.browser.newPage({ viewport: sizes.desktop });
      stage.complaints = watchComplaints(stage.page);
    });
    afterEach(async () => {
      await stage.page.close();
      await stage.hub.stop();
    });
    suite(stage);
  });
}
