/** Fingers, keys and screens of every size: the same pages, nothing lost. */
import type { CDPSession, Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { keepScreenshot, sizes } from '../support/browser.ts';
import { inkOf } from '../support/chart-page.ts';
import { describeDashboards } from './support/stage.ts';
import { plausibleFleet } from './support/stub-fleet.ts';

const bed = '#/groups/greenhouse/devices/bed-02';
const screens = ['#/', '#/groups/power', bed, '#/commands', '#/inbox', '#/status', '#/settings'];
/** WCAG 2.2, 2.5.8 Target Size (Minimum). */
const targetPx = 24;

describeDashboards('Ways of use', (stage) => {
  test(
    'from 320 px to 4k no screen is wider than its window, and its targets can be hit',
    { timeout: 90_000 },
    async () => {
      await stage.open(plausibleFleet(Date.now()), '', 'admin');
      const { page, hub } = stage;
      for (const width of [320, sizes.phone.width, 768, sizes.desktop.width, 3840]) {
        await page.setViewportSize({ width, height: width === 3840 ? 2160 : 900 });
        for (const hash of screens) {
          await page.goto(`${hub.url}/${hash}`);
          await page.locator('main h1').first().waitFor({ state: 'attached' });
          await page.waitForFunction(() => document.querySelector('main .loading') === null);
          await keepScreenshot(page, `width-${width}-${screens.indexOf(hash)}`);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(over, `${hash} at ${width}`).toBeLessThanOrEqual(0);
          if (width === sizes.phone.width) expect(await smallTargets(page), hash).toEqual([]);
        }
      }
      expect(stage.complaints).toEqual([]);
    },
  );

  test('fingers pinch and pan a chart', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    const { page } = stage;
    await page.setViewportSize(sizes.phone);
    const touch = await page.context().newCDPSession(page);
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    const plot = page.locator('.chart .u-over').first();
    await expect.poll(() => inkOf(page)).toBeGreaterThan(500);
    const paused = page.getByRole('button', { name: 'paused' });
    const live = page.getByRole('button', { name: 'live', exact: true });
    const { x, y } = await middleOf(plot);
    // Zoomed in around the middle, the view no longer reaches to now.
    await drag(
      touch,
      [
        [x - 20, y],
        [x + 20, y],
      ],
      [
        [x - 90, y],
        [x + 90, y],
      ],
    );
    await paused.click();
    await live.waitFor();
    const middle = await middleOf(plot);
    await drag(touch, [[middle.x, middle.y]], [[middle.x + 80, middle.y]]);
    await paused.click();
    await live.waitFor();
    expect(stage.complaints).toEqual([]);
  });

  test('a finger presses a switch and moves a slider', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    const { page } = stage;
    await page.setViewportSize(sizes.phone);
    const touch = await page.context().newCDPSession(page);
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 });
    const valve = page.getByRole('switch', { name: 'Valve' });
    const before = await valve.getAttribute('aria-checked');
    const { x, y } = await middleOf(valve);
    await drag(touch, [[x, y]], [[x, y]]);
    await page.getByText('confirmed by the device').first().waitFor();
    expect(await valve.getAttribute('aria-checked')).not.toBe(before);
    const slider = page.getByRole('slider', { name: 'Target temperature' });
    const middle = await middleOf(slider);
    await drag(touch, [[middle.x, middle.y]], [[middle.x + 40, middle.y]]);
    await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(20);
    expect(stage.complaints).toEqual([]);
  });

  test('a page scrolls under a finger that moves up or down on a chart', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    await stage.page.setViewportSize(sizes.phone);
    const plot = stage.page.locator('.chart .u-over').first();
    await plot.waitFor();
    const action = await plot.evaluate((element) => {
      const all: string[] = [];
      for (let up: Element | null = element; up !== null; up = up.parentElement)
        all.push(getComputedStyle(up).touchAction);
      return all;
    });
    expect(action).not.toContain('none');
  });

  test('keys alone: what has the focus is seen, in the order of the page, and Escape closes what opened', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    const { page } = stage;
    await page.locator('.chart canvas').first().waitFor();
    await page.locator('main').focus();
    const seen: string[] = [];
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return undefined;
        const style = getComputedStyle(element);
        const { top, bottom } = element.getBoundingClientRect();
        const isInView = bottom > 0 && top < window.innerHeight;
        const isOutlined = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
        return {
          name: `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent.slice(0, 30)}`,
          isInView,
          isOutlined,
        };
      });
      if (focused === undefined) break;
      expect(focused, focused.name).toMatchObject({ isInView: true, isOutlined: true });
      seen.push(focused.name);
    }
    expect(new Set(seen).size).toBeGreaterThan(15);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const chart = page.getByRole('region', { name: /^Chart of Temperature/ });
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'paused' }).waitFor();
    await page.getByRole('switch', { name: 'Valve' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('confirmed by the device').waitFor();
  });

  test('with reduced motion nothing moves; with forced colours what is on or chosen is still told apart', async () => {
    await stage.open(plausibleFleet(Date.now()), bed);
    const { page } = stage;
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
    await page.locator('.chart canvas').first().waitFor();
    const valve = page.getByRole('switch', { name: 'Valve' });
    await valve.click();
    await page.getByText('confirmed by the device').waitFor();
    const moving = await page.evaluate(
      () =>
        document
          .getAnimations()
          .filter(
            ({ playState, effect }) =>
              playState === 'running' && Number(effect?.getComputedTiming().duration) > 0,
          ).length,
    );
    expect(moving).toBe(0);
    const outlines = await page
      .locator("[aria-pressed='true'], [aria-current='page']")
      .evaluateAll((all) => all.map((element) => getComputedStyle(element).outlineStyle));
    expect(outlines.length).toBeGreaterThan(1);
    expect(new Set(outlines)).toEqual(new Set(['solid']));
    await keepScreenshot(page, 'forced-colours');
    const track = (name: string): Promise<string> =>
      page
        .getByRole('switch', { name })
        .locator('.switch-track')
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    const on = await track('Valve');
    await valve.click();
    await expect.poll(() => valve.getAttribute('aria-checked')).toBe('false');
    expect(await track('Valve')).not.toBe(on);
  });
});

/** Buttons, links and inputs that are neither large enough nor alone in their place; links in a line of text are exempt. */
function smallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate((least) => {
    const all = [
      ...document.querySelectorAll<HTMLElement>('button, a[href], input, select, summary, [role=switch]'),
    ];
    const unseen = '.skip, .unseen';
    const isSeen = (element: HTMLElement): boolean =>
      element.checkVisibility({ visibilityProperty: true }) && element.closest(unseen) === null;
    return (
      all
        .filter(isSeen)
        .filter((element) => getComputedStyle(element).display !== 'inline')
        // The whole card is the target of its link.
        .filter((element) => getComputedStyle(element, '::after').position !== 'absolute')
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(
          ({ element, box }) =>
            box.width > 0 && !element.matches('label input') && (box.width < least || box.height < least),
        )
        .map(
          ({ element, box }) =>
            `${element.tagName} ${element.className} ${element.textContent.slice(0, 20)} ${box.width}×${box.height}`,
        )
    );
  }, targetPx);
}

/** Of something that stands still where it can be seen. */
async function middleOf(locator: Locator): Promise<{ x: number; y: number }> {
  await locator.hover({ trial: true });
  const box = await locator.boundingBox();
  if (box === null) throw new Error('It has no place.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

type Point = readonly [x: number, y: number];

/** Fingers that go down, move in ten steps, and lift. */
async function drag(touch: CDPSession, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const at = (share: number) =>
    from.map(([x, y], id) => ({
      id,
      x: x + ((to[id]?.[0] ?? x) - x) * share,
      y: y + ((to[id]?.[1] ?? y) - y) * share,
    }));
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
  for (let step = 1; step <= 10; step += 1)
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(step / 10) });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
