/** Long work on the screen, at a real hub with real data: exports, imports and replays that are watched and stopped; approval. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { hold, keepScreenshot, launchBrowser, logInAt, sizes, watchComplaints } from '../support/browser.ts';
import { HubProcess } from '../support/hub-process.ts';
import { describeWith } from '../support/servers.ts';

const startMs = Date.now() - 86_400_000;
const header = 'device,metric,tags,time,value,quality\n';

/** One row a second. */
function rows(device: string, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const time = new Date(startMs + index * 1000).toISOString();
    return `${device},level,,${time},${index},good\n`;
  }).join('');
}

describeWith('chromium', 'Long work on the screen', (chromium) => {
  let hub: HubProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    hub = await HubProcess.start(['--devices-approval']);
    for (const device of ['tank-1', 'tank-2'])
      await hub.json('/api/v1/groups/plant/devices', { method: 'POST', body: JSON.stringify({ device }) });
    browser = await launchBrowser(chromium);
    page = await browser.newPage({ viewport: sizes.desktop });
    await logInAt(hub, page);
    complaints = watchComplaints(page);
  });
  afterAll(async () => {
    await browser.close();
    await hub[Symbol.asyncDispose]();
  });

  const work = (title: string) => page.locator('.work', { hasText: title });

  async function importFile(name: string, text: string): Promise<void> {
    await page.goto(`${hub.url}/#/settings`);
    const form = page.locator('form.files', {
      hasText: name.startsWith('devices') ? 'list of devices' : 'Readings',
    });
    await form
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    if (!name.startsWith('devices')) await form.getByLabel('Group').fill('plant');
    await form.getByRole('button', { name: 'Import', exact: true }).click();
  }

  /** The page's line carries this many bytes a second. @returns what takes the limit away */
  async function slowDown(limits: { downloadThroughput?: number; uploadThroughput?: number }) {
    const network = await page.context().newCDPSession(page);
    const all = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1, ...limits };
    await network.send('Network.emulateNetworkConditions', all);
    return () => network.detach();
  }

  async function countOf(device: string): Promise<number> {
    const query = `devices=${device}&start=${startMs - 1000}&window=200000000`;
    const { series } = await hub.json<HistoryAnswer>(`/api/v1/groups/plant/history?${query}`);
    return (series[0]?.buckets ?? []).reduce((sum, [, , , , count]) => sum + count, 0);
  }

  test('an import shows how far it is and goes on over other screens; what is refused is named by its line', async () => {
    const restoreLine = await slowDown({ uploadThroughput: 600_000 });
    await importFile('tank.csv', `${header}${rows('tank-1', 20_000)}tank-1,level,,never,1,good\n`);
    const item = work('Import of tank.csv');
    const bar = item.getByRole('progressbar');
    await bar.waitFor();
    await page.goto(`${hub.url}/#/status`);
    await expect
      .poll(() => bar.evaluate((element: HTMLProgressElement) => element.value))
      .toBeGreaterThan(0.1);
    await restoreLine();
    await item.getByText('Done. Readings on disk: 20,000; lines refused: 1.').waitFor({ timeout: 60_000 });
    await item.getByText('What was refused, by line').click();
    await item.getByText(/^20002: /).waitFor();
    await keepScreenshot(page, 'work-import');
    expect(await bar.count()).toBe(0);
    await item.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.locator('.work').count()).toBe(0);
    expect(await countOf('tank-1')).toBe(20_000);
  });

  test('an import is stopped: what is on disk stays, and again it doubles nothing', async () => {
    const text = header + rows('tank-2', 30_000);
    const restoreLine = await slowDown({ uploadThroughput: 300_000 });
    await importFile('again.csv', text);
    const item = work('Import of again.csv');
    await item.getByText(/Readings on disk: [1-9]/).waitFor();
    await item.getByRole('button', { name: 'Stop' }).click();
    await item.getByText('Stopped.').waitFor();
    await restoreLine();
    const some = await countOf('tank-2');
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(30_000);
    await importFile('again.csv', text);
    await item.getByText('Done.').waitFor({ timeout: 60_000 });
    expect(await countOf('tank-2')).toBe(30_000);
  });

  test('all readings of a device, and of a group, are a file that holds each of them', async () => {
    await page.goto(`${hub.url}/#/groups/plant/devices/tank-1`);
    expect(await exported('csv')).toBe(
      header.replace('\n', '\r\n') + rows('tank-1', 20_000).replaceAll('\n', '\r\n'),
    );
    await page.goto(`${hub.url}/#/groups/plant`);
    const lines = (await exported('line-protocol')).trimEnd().split('\n');
    expect(lines).toHaveLength(50_000);
    expect(lines[0]).toBe(`plant,device=tank-1 level=0 ${startMs}000`);
    await work('Readings of').first().getByText('Done.').waitFor();
  });

  async function exported(format: string): Promise<string> {
    await page.getByRole('button', { name: 'Readings …' }).click();
    await page.getByLabel('Time').selectOption('all');
    await page.getByLabel('Form').selectOption(format);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    return readFileSync(await (await downloading).path(), 'utf8');
  }

  test('an export that is stopped leaves no file', async () => {
    let downloads = 0;
    page.on('download', () => (downloads += 1));
    // A hundred thousand lines would take a minute.
    const restoreLine = await slowDown({ downloadThroughput: 64_000 });
    await page.getByRole('button', { name: 'Readings …' }).click();
    await page.getByLabel('Time').selectOption('all');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const item = work('Readings of plant');
    await item.getByText(/At work … [\d.]+ [kM]B/).waitFor();
    expect(await item.getByRole('progressbar').getAttribute('value')).not.toBeNull();
    await item.getByRole('button', { name: 'Stop' }).click();
    await item.getByText('Stopped.').waitFor();
    await restoreLine();
    expect(downloads).toBe(0);
  });

  test('the list of devices comes in from a file, and goes out to one', async () => {
    const list = 'group,device,title\nplant,tank-1,North tank\nplant,tank-9,Spare\n,nobody,x\n';
    await importFile('devices.csv', list);
    await work('devices.csv').getByText('New: 1; changed: 1; as they were: 0; refused: 1.').waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const file = readFileSync(await (await downloading).path(), 'utf8');
    expect(file).toContain('plant,tank-9,Spare');
  });

  test('quarantine is replayed from the screen once the cause is mended, with its progress', async () => {
    const mqtt = await connectAsync(hub.mqtt, { username: 'any', password: hub.adminToken });
    const broken = Array.from({ length: 450 }, (_, number) => `{"level": ${number}`);
    await Promise.all(
      broken.map((payload) => mqtt.publishAsync('signalbox/plant/tank-1/telemetry', payload, { qos: 1 })),
    );
    await mqtt.endAsync();
    await page.goto(`${hub.url}/#/inbox`);
    await page.getByText('The newest 50 are shown; in quarantine: 450.').waitFor();
    await page.getByRole('button', { name: 'Replay all of these' }).click();
    const item = work('Replay of quarantine');
    await item.getByText(/Done. Taken in: messages 0, readings 0. Left where they were: .*450/).waitFor();
    await hold(page.getByRole('button', { name: 'Purge all of these' }));
    await work('Purge of quarantine').getByText('Done. Purged: 450.').waitFor();
    await page.getByText('Nothing is in quarantine.').waitFor();
  });

  test('a new device waits, is told of everywhere, and is approved or denied; an archived one comes back', async () => {
    const post = (device: string) =>
      hub.request(`/api/v1/groups/plant/devices/${device}/telemetry`, {
        method: 'POST',
        body: '{"level":1}',
      });
    for (const device of ['newcomer', 'stranger']) expect((await post(device)).ok).toBe(true);
    await page.goto(`${hub.url}/#/`);
    await page.getByText('2 devices wait for approval.').waitFor();
    expect(await page.locator('.card', { hasText: 'newcomer' }).count()).toBe(0);
    expect(await page.locator('.rail-count').innerText()).toBe('2');
    await page.getByRole('link', { name: 'Look at them' }).click();
    await page.getByRole('button', { name: 'Approve: newcomer' }).click();
    await page.getByRole('row', { name: 'newcomer' }).waitFor({ state: 'detached' });
    await hold(page.getByRole('button', { name: 'Deny: stranger' }));
    await page.getByRole('heading', { name: 'Waiting for approval' }).waitFor({ state: 'detached' });
    await page.goto(`${hub.url}/#/groups/plant/devices/newcomer`);
    await page.getByText('Edit this device').click();
    await hold(page.getByRole('button', { name: 'Archive' }));
    await page.waitForURL(`${hub.url}/#/`);
    await page.goto(`${hub.url}/#/settings`);
    await page.getByRole('button', { name: 'Approve: stranger' }).waitFor();
    await page.getByRole('button', { name: 'Take back: newcomer' }).click();
    await page.getByText('No device is archived.').waitFor();
    await page.goto(`${hub.url}/#/groups/plant`);
    await page.locator('.card', { hasText: 'newcomer' }).waitFor();
    expect((await post('stranger')).ok).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('what goes wrong while nobody looks is told by the browser: a device that is offline, a command that failed', async () => {
    for (const device of ['pump-1', 'pump-2'])
      await hub.json('/api/v1/groups/plant/devices', { method: 'POST', body: JSON.stringify({ device }) });
    const told: string[] = [];
    const context = await browser.newContext();
    await context.exposeFunction('keepTold', (text: string) => told.push(text));
    await context.addInitScript(() => {
      const { keepTold } = globalThis as unknown as { keepTold: (text: string) => void };
      const desk = function (title: string, { body }: { body: string }): void {
        keepTold(`${title}: ${body}`);
      };
      Object.assign(globalThis, {
        Notification: Object.assign(desk, { permission: 'granted', requestPermission: () => 'granted' }),
      });
      // A headless page has the focus always.
      document.hasFocus = () => false;
    });
    const away = await context.newPage();
    await logInAt(hub, away);
    await away.goto(`${hub.url}/#/settings`);
    await away.getByLabel('Tell me').click();
    await away.goto(`${hub.url}/#/groups/plant`);
    await away.locator('.card', { hasText: 'pump-1' }).waitFor();
    const grant = { name: 'pump', role: 'device', groups: ['plant'], device: 'pump-1' } as const;
    const options = { username: 'pump', password: await hub.createToken(grant), clientId: 'pump' };
    const pump = await connectAsync(hub.mqtt, options);
    await pump.publishAsync('signalbox/plant/pump-1/status', 'offline', { qos: 1 });
    await expect.poll(() => told, { timeout: 10_000 }).toEqual([expect.stringContaining('pump-1')]);
    const body = JSON.stringify({ name: 'fill' });
    await hub.json('/api/v1/groups/plant/devices/pump-2/commands', { method: 'POST', body });
    await expect.poll(() => told[1], { timeout: 10_000 }).toMatch(/^pump-2: fill: .*not connected/);
    await pump.endAsync(true);
    await context.close();
  });
});
