/** Real input: Debian's collectd publishes this machine's metrics to the hub; a browser shows them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeviceInfo } from '#contract/device.ts';
import type { HistoryAnswer } from '#contract/view.ts';
import { startCollectd, type RunningCollectd } from '../bridges/mqtt/collectd.ts';
import { keepScreenshot, launchBrowser, sizes, watchComplaints } from '../support/browser.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { describeWith, findProgram } from '../support/servers.ts';

const device = '/api/v1/groups/collectd/devices/testbed';
const wanted = [
  'load.load.shortterm',
  'memory.memory-used',
  'uptime.uptime',
  'interface-lo.if_octets.rx',
  'cpu.percent-idle',
  'df-root.df_complex-free',
];

describeWith('collectd', "collectd's metrics of this machine", (program) => {
  let hub: HubProcess;
  let collectd: RunningCollectd;

  beforeAll(async () => {
    hub = await HubProcess.start();
    const token = await hub.createToken({
      name: 'this machine',
      role: 'gateway',
      groups: ['collectd'],
      topicFilters: ['collectd/#'],
    });
    const port = Number(new URL(hub.mqtt).port);
    collectd = await startCollectd({ program, port, token, host: 'testbed' });
  });
  afterAll(async () => {
    await collectd.stop();
    await hub[Symbol.asyncDispose]();
  });

  async function metrics(): Promise<DeviceInfo['metrics']> {
    const response = await hub.request(device);
    return response.ok ? ((await response.json()) as DeviceInfo).metrics : [];
  }

  test('appear in the registry with their units', async () => {
    await until(
      async () => {
        const names = new Set((await metrics()).map(({ metric }) => metric));
        return wanted.every((metric) => names.has(metric));
      },
      30_000,
      () => 'Not all metrics arrived.',
    );
    expect(await metrics()).toContainEqual(
      expect.objectContaining({ metric: 'memory.memory-used', unit: 'By' }),
    );
  });

  test('are in the store with values that this machine can have', async () => {
    const query = 'metrics=memory.memory-used&start=0';
    const { series } = await hub.json<HistoryAnswer>(`${device}/history?${query}`);
    const [timeMs, value] = series[0]?.points?.at(-1) ?? [];
    expect(value).toBeGreaterThan(1024 * 1024);
    expect(Math.abs((timeMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('leave nothing in quarantine or in the inbox', async () => {
    for (const path of ['/api/v1/quarantine', '/api/v1/inbox'])
      expect(await hub.json(path)).toMatchObject({ items: [] });
  });

  test('are on the screen of a headless browser', async ({ skip }) => {
    const chromium = findProgram('chromium');
    if (chromium === undefined) {
      if (process.env['REQUIRE_SERVERS'] === '1')
        throw new Error('chromium is not installed: run test/install-servers.');
      skip('chromium is not installed (test/install-servers installs it)');
      return;
    }
    const { code } = await hub.json<{ code: string }>('/api/v1/login-codes', { method: 'POST' });
    const browser = await launchBrowser(chromium);
    try {
      const page = await browser.newPage({ viewport: sizes.desktop });
      const complaints = watchComplaints(page);
      await page.goto(`${hub.url}/#login=${code}`);
      await page.getByText('testbed').first().click();
      await page.getByText('memory.memory-used').first().waitFor();
      await keepScreenshot(page, 'collectd');
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
