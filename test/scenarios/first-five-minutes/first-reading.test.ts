/** Somebody with a fresh hub and no device: each line that the page offers is run as it stands, and its reading arrives. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { HistoryAnswer } from '#contract/view.ts';
import { keepScreenshot, launchBrowser, sizes, watchComplaints } from '../../support/browser.ts';
import { HubProcess, until } from '../../support/hub-process.ts';
import { describeWith, findProgram } from '../../support/servers.ts';

const run = promisify(execFile);

describeWith('chromium', 'First reading: the lines on the empty overview', (chromium) => {
  let hub: HubProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    hub = await HubProcess.start();
    browser = await launchBrowser(chromium);
    page = await browser.newPage({ viewport: sizes.desktop });
    complaints = watchComplaints(page);
  });
  afterAll(async () => {
    await browser.close();
    await hub[Symbol.asyncDispose]();
  });

  test('hold a real token, work in a shell, and the reading is seen to arrive', async () => {
    await page.goto(hub.url);
    await page.getByLabel('Token').fill(hub.adminToken);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Make a token for thermo-1' }).click();
    await page.getByText('The token is shown only now.').waitFor();
    await keepScreenshot(page, 'first-steps');
    const lines = await page.locator('.first-steps pre').allInnerTexts();
    const programs = ['mosquitto_pub', 'curl', 'node', 'python3'] as const;
    let sent = 0;
    for (const [index, program] of programs.entries()) {
      const line = lines[index] ?? '';
      expect(line.startsWith(`${program} `)).toBe(true);
      if (program !== 'node' && findProgram(program) === undefined) continue;
      await run('sh', ['-c', line], { timeout: 20_000 });
      sent += 1;
    }
    const card = page.locator('.card', { hasText: 'thermo-1' });
    await card.getByText('21.4').waitFor();
    await until(async () => (await storedReadings(hub)) === sent, 10_000);
    expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });
});

async function storedReadings(hub: HubProcess): Promise<number> {
  const path = '/api/v1/groups/home/devices/thermo-1/history';
  const { series } = await hub.json<HistoryAnswer>(path);
  return series[0]?.points?.length ?? 0;
}
