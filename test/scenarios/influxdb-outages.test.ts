/**
 * InfluxDB behind the hub goes away in every way there is, while devices of all three protocols send: nobody in front
 * notices, and afterwards every acknowledged reading is there, once, with its value.
 */
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import type { HubStatus } from '#contract/status.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { startInfluxd, type Influxd } from '../support/influxd.ts';
import { describeWith } from '../support/servers.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { runInfluxOutage } from './support/influx-outage.ts';
import { acknowledgeMore, startSenders } from './support/senders.ts';

const group = 'plant';
const database = 'signalbox';
const acknowledgedPerOutage = 150;
const startMs = Date.now() - 3_600_000;

const flagsTo = (url: string): string[] => ['--influx-url', url, '--influx-bucket', database];
const status = (hub: HubProcess): Promise<HubStatus> => hub.json('/api/v1/status');

async function drained(hub: HubProcess, deadlineMs = 45_000): Promise<void> {
  let seen: HubStatus | undefined;
  await until(
    async () => (seen = await status(hub)).store.spool?.waiting === 0,
    deadlineMs,
    () => `${JSON.stringify(seen?.edges)} ${JSON.stringify(seen?.store)}\n${hub.output}`,
  );
}

interface Wall {
  readonly seen: () => number;
  /** Why it may have seen nothing. */
  readonly state: () => string;
  readonly close: () => void;
}

/** A dashboard that counts what it is shown. */
async function watch(hub: HubProcess): Promise<Wall> {
  const token = await hub.createToken({ name: 'wall', role: 'viewer', groups: [group] });
  const socket = io(`${hub.url}/${group}`, {
    auth: { token },
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    forceNew: true,
  });
  let seen = 0;
  let subscribed: unknown = 'not answered';
  socket.on(
    'readings',
    ({ readings }: { readonly readings: readonly unknown[] }) => (seen += readings.length),
  );
  socket.on('connect', () => {
    subscribed = 'not answered';
    socket.emit('subscribe', { devices: ['*'] }, ({ ok, error }: { ok: boolean; error?: unknown }) => {
      subscribed = ok ? 'yes' : error;
    });
  });
  await until(() => socket.connected, 20_000);
  const state = (): string => JSON.stringify({ connected: socket.connected, subscribed });
  return { seen: () => seen, state, close: () => void socket.disconnect() };
}

async function storedOf(influxd: Influxd, device: string): Promise<(readonly [number, number])[]> {
  const rows = await influxd.rows(database, `SELECT n FROM ${group} WHERE device = '${device}'`);
  return rows.map(([timeUs, value]) => [Number(timeUs) / 1000, Number(value)]);
}

describeWith('influxd', 'InfluxDB goes away under load', (program) => {
  test(
    'kill -9 of either side, SIGSTOP, a cut, frozen, slow and reset network: nothing acknowledged is missing',
    { timeout: 180_000 },
    async () => {
      await using influxd = await startInfluxd(program);
      await using proxy = await TcpProxy.start(influxd.url);
      await using hub = await HubProcess.start(flagsTo(proxy.url));
      const senders = await startSenders(hub, group, startMs);
      const wall = await watch(hub);
      const shown: Record<string, number> = {};
      const during = async (outage: string, end: () => Promise<void> | void): Promise<void> => {
        const before = wall.seen();
        await acknowledgeMore(senders, hub, acknowledgedPerOutage);
        await until(
          () => wall.seen() > before,
          30_000,
          () => `${outage}: nothing was shown live. ${wall.state()}\n${hub.output}`,
        );
        shown[outage] = wall.seen() - before;
        await end();
      };
      try {
        await during('none', () => influxd.kill());
        await during('InfluxDB killed', () => influxd.start());
        await during('InfluxDB back', () => hub.kill());
        await hub.start();
        await during('hub back', () => proxy.cut());
        await during('network cut', () => proxy.mend());
        await during('network back', () => proxy.freeze());
        await during('network frozen', () => proxy.mend());
        await during('network back again', () => influxd.freeze());
        await during('InfluxDB stopped', () => influxd.thaw());
        proxy.latencyMs = 150;
        await during('network slow', () => proxy.reset());
        proxy.latencyMs = 0;
        await during('network reset', () => {});
      } finally {
        await Promise.all(senders.map((sender) => sender.stop()));
        wall.close();
      }
      await drained(hub);
      const tallies = await Promise.all(
        senders.map(async ({ ledger }) => ledger.tally(await storedOf(influxd, ledger.device))),
      );
      console.table(tallies);
      console.log(
        `Shown live: ${JSON.stringify(shown)}; hub memory ${Math.round(hub.memoryRss() / 2 ** 20)} MiB.`,
      );
      for (const tally of tallies) expect(tally).toMatchObject({ lost: 0, invented: 0, doubled: 0 });
    },
  );

  test('an outage at 4,000 readings/s is made up for, in little memory', { timeout: 120_000 }, async () => {
    const tally = await runInfluxOutage({ program, readings: 60_000, everyUs: 500, speed: 2 });
    console.table(tally);
    expect(tally).toMatchObject({ acknowledged: 60_000, found: 60_000, wrong: 0 });
    expect(tally.ageSeconds).toBeGreaterThan(11);
    expect(tally.mostMegabytes).toBeLessThan(250);
    expect(tally.frames).toBeGreaterThan(0);
    expect(tally.longestWaitMs).toBeLessThan(3000);
  });
});
