/**
 * A newcomer in an empty folder: the README's two commands, and a live value in the browser. Then a contributor, in the
 * same clone: CONTRIBUTING's commands, one test, the checks, a change that shows.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { readAddress, readAdminToken } from '../../../hub/data-folder.ts';
import { keepScreenshot, launchBrowser, sizes, watchComplaints } from '../../support/browser.ts';
import { cloneWorkingTree, Command, commandsUnder, removeFolder, runCommand } from '../../support/clone.ts';
import { until } from '../../support/hub-process.ts';
import { describeWith } from '../../support/servers.ts';

const valuePattern = /\d+(\.\d+)?\s?(°C|%|W)/;

const [install = '', demoCommand = ''] = commandsUnder('README.md', 'Try it');
let clone: string;

beforeAll(async () => {
  clone = cloneWorkingTree();
  const startedAt = performance.now();
  await runCommand(install, clone, 240_000);
  console.log(`${install}: ${Math.round((performance.now() - startedAt) / 1000)} s`);
}, 300_000);

afterAll(() => removeFolder(clone));

describeWith('chromium', 'Newcomer: npm ci && npm run demo', (chromium) => {
  let demo: Command;
  let link: string;

  beforeAll(async () => {
    const startedAt = performance.now();
    demo = new Command(demoCommand, clone);
    [link] = await demo.prints(/http:\/\/127\.0\.0\.1:\d+\/#login=[\w-]+/, 120_000);
    console.log(`${demoCommand} to the link: ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }, 150_000);

  afterAll(() => demo[Symbol.asyncDispose]());

  test('the README names the two commands', () => {
    expect([install, demoCommand]).toEqual(['npm ci', 'npm run demo']);
  });

  test('the demo prints three things to try', () => {
    expect(demo.output).toMatch(/press its valve/);
    expect(demo.output).toMatch(/npm run demo:stall/);
    expect(demo.output).toMatch(/kill -9 \d+/);
  });

  test(
    'the page shows live values, history and a relay that clicks; the chart outlives kill -9',
    { timeout: 180_000 },
    async () => {
      const browser = await launchBrowser(chromium);
      try {
        const page = await browser.newPage({ viewport: sizes.desktop });
        const complaints = watchComplaints(page);
        await page.goto(link);
        await page.getByText(valuePattern).first().waitFor({ timeout: 20_000 });
        expect(new URL(page.url()).hash).not.toContain('login');
        await keepScreenshot(page, 'demo-overview');
        await expectMovement(page);
        expect(complaints).toEqual([]);
        await pressRelay(page);
        await keepScreenshot(page, 'demo-device');
        const killedAt = Date.now();
        await killHub(clone, demo);
        await expectMovement(page);
        await expectNoGap(clone, killedAt);
        await keepScreenshot(page, 'demo-after-kill');
      } finally {
        await browser.close();
      }
    },
  );

  test('Ctrl-C leaves nothing running', async () => {
    await demo.interrupt(20_000);
    await until(
      () => demo.survivors().length === 0,
      10_000,
      () => `still running: ${demo.survivors().join(', ')}`,
    );
    expect(existsSync(join(clone, 'data', 'hub.json'))).toBe(false);
  });
});

describe('Contributor: npm run dev, a change, one test, npm run check', () => {
  const [again = '', dev = '', oneTest = '', check = ''] = commandsUnder(
    'CONTRIBUTING.md',
    'The first change in five minutes',
  );

  test('CONTRIBUTING names the commands', () => {
    expect([again, dev, check]).toEqual(['npm ci', 'npm run dev', 'npm run check']);
    expect(oneTest).toMatch(/^npm test -- test\/.*\.test\.ts$/);
  });

  test('one test file runs and passes', { timeout: 60_000 }, async () => {
    expect(await runCommand(oneTest, clone, 60_000)).toMatch(/^[1-9]\d* passed, 0 failed/m);
  });

  test('the checks are clean', { timeout: 240_000 }, async () => {
    await runCommand(check, clone, 240_000);
  });

  test('npm run dev serves pages that change when a file is saved', { timeout: 120_000 }, async () => {
    await using running = new Command(dev, clone);
    const [, page = ''] = await running.prints(/(http:\/\/127\.0\.0\.1:\d+)\/#login=/, 60_000);
    const source = join(clone, 'dashboards', 'index.html');
    const fetchPage = async (): Promise<string> => (await fetch(page)).text();
    expect(await fetchPage()).toContain('<title>');
    writeFileSync(
      source,
      readFileSync(source, 'utf8').replace(/<title>[^<]*</, '<title>changed by a contributor<'),
    );
    await until(
      async () => (await fetchPage()).includes('changed by a contributor'),
      20_000,
      () => 'The page never changed.',
    );
    const health = await fetch(`${page}/api/v1/status`);
    expect(health.status).toBe(401);
    await running.interrupt(20_000);
    await until(
      () => running.survivors().length === 0,
      10_000,
      () => `still running: ${running.survivors().join(', ')}`,
    );
  });
});

/** Some number on the page changes by itself. */
async function expectMovement(page: Page): Promise<void> {
  const before = await page.locator('main').innerText();
  await until(
    async () => (await page.locator('main').innerText()) !== before,
    30_000,
    () => 'Nothing on the page moved.',
  );
}

/** Opens a device that has a switch, presses it and waits until the device confirmed. */
async function pressRelay(page: Page): Promise<void> {
  const control = page.getByRole('switch').first();
  await control.waitFor({ timeout: 20_000 });
  const before = await control.getAttribute('aria-checked');
  await control.click();
  await until(
    async () => (await control.getAttribute('aria-checked')) !== before,
    15_000,
    () => 'The switch was never confirmed.',
  );
}

/** Kills the hub of the demo; the demo starts it again. */
async function killHub(folder: string, demo: Command): Promise<void> {
  const data = join(folder, 'data');
  const before = readAddress(data).pid;
  process.kill(before, 'SIGKILL');
  await until(
    () => existsSync(join(data, 'hub.json')) && readAddress(data).pid !== before,
    30_000,
    () => `The hub did not come back.\n${demo.output}`,
  );
}

/** The devices kept what they measured while the hub was away: second by second, nothing is missing. */
async function expectNoGap(folder: string, killedAt: number): Promise<void> {
  const data = join(folder, 'data');
  const [start, end] = [killedAt, killedAt + 6000];
  const path = `/api/v1/groups/greenhouse/devices/bed-1/history?metrics=soil_temperature&start=${start}&end=${end}`;
  const longestStepMs = async (): Promise<number> => {
    const response = await fetch(`${readAddress(data).url}${path}`, {
      headers: { authorization: `Bearer ${readAdminToken(data)}` },
    });
    const { series } = (await response.json()) as HistoryAnswer;
    const times = [start, ...(series[0]?.points ?? []).map(([timeMs]) => timeMs), end];
    return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  };
  await until(
    async () => (await longestStepMs()) < 2500,
    30_000,
    () => 'Readings from the time without a hub never came.',
  );
}
