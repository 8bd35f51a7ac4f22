/** A hub full of hostile names, values and sentences, over every screen: nothing executes, nothing overflows. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { keepScreenshot, sizes } from '../support/browser.ts';
import { hostileFleet, makeHostile } from './support/hostile.ts';
import { describeDashboards } from './support/stage.ts';

const first = '#/groups/hostile/devices/h-0';

const openAll = async (page: Page): Promise<void> => {
  for (const summary of await page.locator('main summary').all()) await summary.click();
  await page.locator('.trace li').nth(3).waitFor();
};

interface Visit {
  readonly hash: string;
  readonly shows: string;
  readonly act?: (page: Page) => Promise<void>;
}

const visits: readonly Visit[] = [
  { hash: '#/', shows: '.card >> nth=4' },
  { hash: '#/groups/hostile', shows: '.card >> nth=4' },
  ...[0, 1, 2, 3, 4].map((index) => ({
    hash: `#/groups/hostile/devices/h-${index}`,
    shows: '.chart canvas',
  })),
  { hash: first, shows: '.chart canvas', act: openAll },
  {
    hash: first,
    shows: '.chart canvas',
    act: async (page) => {
      await page.getByRole('button', { name: 'Readings …' }).click();
      await page.locator('dialog').waitFor();
    },
  },
  { hash: '#/commands', shows: '.table tr >> nth=4' },
  { hash: '#/inbox', shows: '.quarantine .table tr >> nth=4' },
  {
    hash: '#/inbox',
    shows: '.quarantine .table',
    act: async (page) => {
      await page.getByRole('button', { name: 'Map' }).first().click();
      await page.locator('.mapping').waitFor();
    },
  },
  { hash: '#/status', shows: '.figures' },
  { hash: '#/settings', shows: '.tokens .table tr >> nth=4' },
  {
    hash: '#/',
    shows: '.card >> nth=4',
    act: async (page) => {
      await page.keyboard.press('/');
      await page.locator('dialog input').fill('h');
      await page.locator('.found li').nth(4).waitFor();
    },
  },
  { hash: '#/groups/<img src=x onerror=alert(1)>', shows: '.message' },
];

describeDashboards('Hostile names, values and sentences', (stage) => {
  test('are text on every screen: nothing runs, nothing overflows', { timeout: 120_000 }, async () => {
    await stage.open(hostileFleet(Date.now()), '', 'admin');
    makeHostile(stage.hub);
    const { page, hub } = stage;
    await page.addInitScript(() => {
      const kept = window as unknown as { refused: string[] };
      kept.refused = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        kept.refused.push(event.violatedDirective),
      );
    });
    for (const size of [sizes.desktop, sizes.phone]) {
      await page.setViewportSize(size);
      for (const [index, { hash, shows, act }] of visits.entries()) {
        const where = `${hash} (${index}) at ${size.width}`;
        await page.goto('about:blank');
        await page.goto(`${hub.url}/${hash}`);
        await page.locator(shows).first().waitFor();
        await act?.(page);
        await keepScreenshot(page, `hostile-${index}-${size.width}`);
        expect(await overflowOf(page), where).toEqual([]);
        expect(await page.title(), where).toBe('Signalbox');
        expect(
          await page.evaluate(() => (window as unknown as { refused: string[] }).refused),
          where,
        ).toEqual([]);
        expect(await page.locator('#app img, #app script, #app style').count(), where).toBe(0);
      }
    }
    expect(stage.complaints).toEqual([]);
  });
});

/** What makes the page wider than the window, or lies outside of it without a place to scroll. */
function overflowOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    if (wide <= 0) return [];
    const root = 'app';
    const isCut = (element: Element): boolean => {
      for (let up = element.parentElement; up !== null && up.id !== root; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== 'visible') return true;
      return false;
    };
    const culprits = [...document.querySelectorAll('#app *')].filter(
      (element) => element.getBoundingClientRect().right > window.innerWidth + 1 && !isCut(element),
    );
    return [`${wide} px`, ...culprits.slice(0, 5).map(({ tagName, className }) => `${tagName} ${className}`)];
  });
}
