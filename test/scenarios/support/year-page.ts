/** A real hub that holds a year of one series, and a page of its device: for how long a click takes to become a chart. */
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, logInAt } from '../../support/browser.ts';
import { inkOf, openYear, watchBuckets } from '../../support/chart-page.ts';
import { HubProcess, temporaryFolder, until } from '../../support/hub-process.ts';
import { fillYear, type Year } from '../../support/year-of-history.ts';

const year = { group: 'year', device: 'meter', metric: 'power', spike: 90 } as const;
const screen = { width: 1440, height: 900 };

export interface YearCost {
  readonly readings: number;
  readonly widthPx: number;
  /** From the click to the drawn chart, ms, each time. */
  readonly tookMs: readonly number[];
  /** Points of the series in the longest answer. */
  readonly points: number;
  /** The largest value that came: the one reading among millions that stands out. */
  readonly largest: number;
}

export class YearPage implements AsyncDisposable {
  readonly page: Page;
  readonly readings: number;
  readonly #hub: HubProcess;
  readonly #browser: Browser;

  private constructor(parts: { hub: HubProcess; browser: Browser; page: Page; readings: number }) {
    this.#hub = parts.hub;
    this.#browser = parts.browser;
    this.page = parts.page;
    this.readings = parts.readings;
  }

  /** @param tell how many readings are there so far */
  static async open(chromium: string, everyMs: number, tell?: (readings: number) => void): Promise<YearPage> {
    const folder = temporaryFolder();
    const { group, device, metric } = year;
    const whole: Year = { ...year, everyMs, endMs: Date.now() - everyMs };
    const readings = await fillYear(folder, whole, tell);
    const hub = await HubProcess.start([], folder);
    const path = `/api/v1/groups/${group}/devices/${device}`;
    await hub.json(`${path}/telemetry`, { method: 'POST', body: JSON.stringify({ [metric]: 20 }) });
    await until(async () => (await hub.request(path)).ok, 10_000);
    const browser = await launchBrowser(chromium);
    const page = await browser.newPage({ viewport: screen });
    await logInAt(hub, page);
    return new YearPage({ hub, browser, page, readings });
  }

  /** Opens the page anew, and the year from the last five minutes, so many times. */
  async measure(rounds: number): Promise<YearCost> {
    const buckets = watchBuckets(this.page);
    const tookMs: number[] = [];
    let widthPx = 0;
    for (let round = 0; round < rounds; round += 1) {
      await this.page.goto('about:blank');
      const { origin } = new URL(this.#hub.url);
      await this.page.goto(`${origin}/#/groups/${year.group}/devices/${year.device}`);
      await until(async () => (await inkOf(this.page)) > 500, 10_000);
      const opened = await openYear(this.page);
      tookMs.push(opened.tookMs);
      widthPx = opened.widthPx;
    }
    const { readings } = this;
    return { readings, widthPx, tookMs, points: buckets.most(), largest: buckets.largest() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#hub[Symbol.asyncDispose]();
  }
}
