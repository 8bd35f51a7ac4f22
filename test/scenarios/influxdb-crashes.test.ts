/**
 * The hub dies just before and just after it notes that InfluxDB took a batch: what was acknowledged reaches the database
 * all the same. The control notes it before the database answered, and must lose what was on its way.
 */
import { expect, test } from 'vitest';
import { brokenBy } from '../support/faults/broken-source.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { startInfluxd, type Influxd } from '../support/influxd.ts';
import { describeWith } from '../support/servers.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import type { Tally } from './support/ledger.ts';
import { acknowledgeMore, startSenders, type Sender } from './support/senders.ts';
import type { HubStatus } from '#contract/status.ts';

const group = 'plant';
const startMs = Date.now() - 3_600_000;
const flagsTo = (url: string): string[] => ['--influx-url', url];

const status = (hub: HubProcess): Promise<HubStatus> => hub.json('/api/v1/status');

async function drained(hub: HubProcess): Promise<void> {
  await until(
    async () => (await status(hub)).store.spool?.waiting === 0,
    45_000,
    () => hub.output,
  );
}

async function compare(influxd: Influxd, senders: readonly Sender[]): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const { ledger } of senders) {
    const rows = await influxd.rows('signalbox', `SELECT n FROM ${group} WHERE device = '${ledger.device}'`);
    tallies.push(ledger.tally(rows.map(([timeUs, value]) => [Number(timeUs) / 1000, Number(value)])));
  }
  console.table(tallies);
  return tallies;
}

describeWith('influxd', 'The hub dies around its note of what InfluxDB has', (program) => {
  for (const point of ['crash-before-cursor', 'crash-after-cursor'] as const)
    test(`at the point ${point}`, { timeout: 90_000 }, async () => {
      await using influxd = await startInfluxd(program);
      await using hub = await HubProcess.start(flagsTo(influxd.url));
      const senders = await startSenders(hub, group, startMs);
      for (const pass of [3, 8]) {
        await hub.kill();
        hub.env = brokenBy(point, pass);
        await hub.start().catch(() => {});
        // By its signal: an exit code would say that there was nothing to break.
        expect(await hub.died(30_000), hub.output).toBeNull();
        hub.env = {};
        await hub.start();
        await acknowledgeMore(senders, hub, 20);
      }
      await Promise.all(senders.map((sender) => sender.stop()));
      await drained(hub);
      for (const tally of await compare(influxd, senders))
        expect(tally).toMatchObject({ lost: 0, invented: 0, doubled: 0 });
    });

  test('the control "cursor-before-answer" loses what was on its way', { timeout: 90_000 }, async () => {
    await using influxd = await startInfluxd(program);
    await using proxy = await TcpProxy.start(influxd.url);
    await using hub = await HubProcess.start(flagsTo(proxy.url), undefined, brokenBy('cursor-before-answer'));
    // The wire stands still before the first reading: a batch that is taken to be there never was.
    await until(
      async () => (await status(hub)).edges.some(({ name, state }) => name === 'influxdb' && state === 'up'),
      15_000,
      () => hub.output,
    );
    proxy.freeze();
    const senders = await startSenders(hub, group, startMs);
    await acknowledgeMore(senders, hub, 20);
    const acknowledged = senders.reduce((sum, { ledger }) => sum + ledger.acknowledged, 0);
    await until(
      async () => (await status(hub)).store.spool!.waiting < acknowledged,
      15_000,
      () => hub.output,
    );
    await acknowledgeMore(senders, hub, 20);
    await hub.kill();
    proxy.mend();
    hub.env = {};
    await hub.start();
    await Promise.all(senders.map((sender) => sender.stop()));
    await drained(hub);
    const tallies = await compare(influxd, senders);
    expect(tallies.reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0);
  });
});
