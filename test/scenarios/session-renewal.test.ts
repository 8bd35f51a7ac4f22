/**
 * A session that is about to end is renewed by the page, over a chart that goes on: nothing is asked, nothing reloads, and
 * not one reading is missing. The hub's clock is a week behind while somebody logs in, so that the session has seconds left.
 */
import { readFileSync } from 'node:fs';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { launchBrowser, sizes, watchComplaints } from '../support/browser.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { MovableClock } from '../support/movable-clock.ts';
import { describeWith } from '../support/servers.ts';

const sessionSeconds = 7 * 86_400;
const leftSeconds = 14;
const everyMs = 200;
const device = { group: 'press', device: 'ram' };

interface Exported {
  readonly series: readonly {
    readonly points: readonly { readonly count: number }[];
  }[];
}

interface Sender extends Disposable {
  /** How many of its readings are on disk. */
  acknowledged(): number;
  /** Resolves when the last one is. */
  stop(): Promise<void>;
}

async function sender(hub: HubProcess): Promise<Sender> {
  const grant = { name: 'ram', role: 'device', groups: [device.group], device: device.device } as const;
  const token = await hub.createToken({ ...grant, groups: [...grant.groups] });
  const socket = io(`${hub.url}/${device.group}`, { auth: { token }, transports: ['websocket'] });
  let acknowledged = 0;
  let last = Promise.resolve();
  const send = async (): Promise<void> => {
    const ts = Date.now();
    await socket.timeout(10_000).emitWithAck('telemetry', { ts, values: { force: Math.sin(ts / 900) } });
    acknowledged += 1;
  };
  await send();
  const timer = setInterval(() => void (last = send()), everyMs);
  return {
    acknowledged: () => acknowledged,
    stop: () => {
      clearInterval(timer);
      return last;
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}

describeWith('chromium', 'An expiring session', (chromium) => {
  test.skipIf(!MovableClock.isThere)('is renewed without a lost reading', { timeout: 120_000 }, async () => {
    using clock = new MovableClock();
    clock.moveTo(`-${sessionSeconds - leftSeconds}`);
    await using hub = await HubProcess.start([], undefined, clock.env);
    const logIn = (): Promise<Response> =>
      fetch(`${hub.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: hub.adminToken }),
      });
    const browser = await launchBrowser(chromium);
    try {
      const page = await browser.newPage({ viewport: sizes.desktop, acceptDownloads: true });
      let [renewals, loads, sockets] = [0, 0, 0];
      page.on(
        'request',
        (request) => (renewals += request.method() === 'PUT' && request.url().endsWith('/session') ? 1 : 0),
      );
      page.on('load', () => (loads += 1));
      page.on('websocket', () => (sockets += 1));
      await page.goto(hub.url);
      await page.getByLabel('Token').fill(hub.adminToken);
      const cookie = (await logIn()).headers.get('set-cookie')?.split(';')[0] ?? '';
      const endsAt = Date.now() + leftSeconds * 1000;
      await page.keyboard.press('Enter');
      await page.locator('[data-link=live]').waitFor();
      clock.moveTo('+0');
      const complaints = watchComplaints(page);
      using ram = await sender(hub);
      await until(async () => (await hub.request(`/api/v1/groups/press/devices/ram`)).ok, 10_000);
      await page.goto(`${hub.url}/#/groups/press/devices/ram`);
      await page.getByRole('button', { name: '5 min' }).click();
      await page.locator('.chart canvas').first().waitFor();
      const who = (): Promise<Response> => fetch(`${hub.url}/api/v1/session`, { headers: { cookie } });
      expect((await who()).status).toBe(200);
      await until(() => Date.now() > endsAt + 1000, 30_000);
      // Whoever did not renew is out: the session has really ended.
      expect((await who()).status).toBe(401);
      expect(renewals).toBeGreaterThan(0);
      await ram.stop();
      const counts = async (): Promise<number> => {
        const downloading = page.waitForEvent('download');
        await page.getByRole('button', { name: 'JSON' }).click();
        const file = readFileSync(await (await downloading).path(), 'utf8');
        const { series } = JSON.parse(file) as Exported;
        return series.reduce((sum, { points }) => sum + points.reduce((all, { count }) => all + count, 0), 0);
      };
      expect(ram.acknowledged()).toBeGreaterThan((leftSeconds * 1000) / everyMs / 3);
      await expect.poll(counts).toBe(ram.acknowledged());
      expect(await page.locator('[data-link=live]').count()).toBe(1);
      expect([loads, sockets]).toEqual([1, 1]);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
