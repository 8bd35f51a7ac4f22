/**
 * docker-compose.yml as processes: what is written there is started here, with Debian's Mosquitto and InfluxDB and the
 * simulated fleet, until a browser shows live values and InfluxDB holds them; then everything is restarted under load.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HubStatus } from '#contract/status.ts';
import { StubInflux } from '../bridges/influxdb/support/stub-influx.ts';
import board from '../../bridges/influxdb/grafana/board.json' with { type: 'json' };
import { readAdminToken } from '../../hub/data-folder.ts';
import { keepScreenshot, launchBrowser, sizes, watchComplaints } from '../support/browser.ts';
import { Composition, readComposeFile } from '../support/composition.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { configuration } from '../support/influxd.ts';
import { describeWith, findProgram } from '../support/servers.ts';
import { Ledger, type Tally } from './support/ledger.ts';
import { httpSender, mqttSender, socketIoSender, type Sender } from './support/senders.ts';

const group = 'greenhouse';
const valuePattern = /\d+(\.\d+)?\s?(°C|%|W)/;
const acknowledgedBetween = 100;
const startMs = Date.now() - 3_600_000;

function compose(influxd: string): Promise<Composition> {
  return Composition.up({
    ports: { hub: 8080, mosquitto: 1883, influxdb: 8086 },
    standIns: {
      influxdb: {
        why: "Debian's influxd 1.6 with a file of its own, GET /ping; it has no setup, token or organization",
        command: (root, port) => {
          const file = join(root, 'influxdb.conf');
          writeFileSync(file, configuration(root, `127.0.0.1:${port}`));
          return [influxd, '-config', file];
        },
        healthcheck: (port) => [
          'CMD',
          'node',
          '-e',
          `fetch('http://127.0.0.1:${port}/ping').catch(() => process.exit(1))`,
        ],
      },
    },
    environment: (ports) => ({
      hub: { SIGNALBOX_HTTP_HOST: '127.0.0.1', SIGNALBOX_HTTP_PORT: String(ports['hub']) },
    }),
  });
}

/** @returns rows of one series; times in epoch ms */
async function influxRows(composition: Composition, statement: string): Promise<(readonly unknown[])[]> {
  const parameters = new URLSearchParams({ db: 'signalbox', q: statement, epoch: 'ms' });
  const url = `http://127.0.0.1:${composition.ports['influxdb']}/query?${parameters}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  const { results } = (await response.json()) as {
    results: readonly { error?: string; series?: readonly { values: (readonly unknown[])[] }[] }[];
  };
  if (results[0]?.error !== undefined) throw new Error(results[0].error);
  return (results[0]?.series ?? []).flatMap(({ values }) => values);
}

describeWith('mosquitto', 'The topology of docker-compose.yml', () => {
  const influxd = findProgram('influxd');
  const chromium = findProgram('chromium');
  if (influxd === undefined || chromium === undefined) {
    test.skipIf(process.env['REQUIRE_SERVERS'] !== '1')('needs influxd and chromium', () => {
      expect([influxd, chromium]).not.toContain(undefined);
    });
    return;
  }
  let composition: Composition;
  let hubUrl: string;
  let healthyAfterMs: number;

  beforeAll(async () => {
    const startedAt = performance.now();
    composition = await compose(influxd);
    healthyAfterMs = performance.now() - startedAt;
    hubUrl = `http://127.0.0.1:${composition.ports['hub']}`;
  }, 120_000);
  afterAll(async () => {
    await composition?.[Symbol.asyncDispose]();
  });

  async function api(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${readAdminToken(composition.volume('hub-data'))}`,
      'content-type': 'application/json',
    };
    const response = await fetch(`${hubUrl}${path}`, {
      ...init,
      headers,
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  }

  test(
    'a browser shows live values through the link in the log, and InfluxDB holds them',
    { timeout: 90_000 },
    async () => {
      const startedAt = performance.now();
      const hub = composition.service('hub');
      await until(
        () => /#login=\S+/.test(hub.output),
        10_000,
        () => hub.output,
      );
      const browser = await launchBrowser(chromium);
      const browserAfterMs = healthyAfterMs + performance.now() - startedAt;
      try {
        const page = await browser.newPage({ viewport: sizes.desktop });
        const complaints = watchComplaints(page);
        await page.goto(/http:\/\/\S+#login=\S+/.exec(hub.output)?.[0] ?? '');
        await page.getByText(valuePattern).first().waitFor({ timeout: 20_000 });
        const liveAfterMs = healthyAfterMs + performance.now() - startedAt;
        await keepScreenshot(page, 'compose-overview');
        expect(complaints).toEqual([]);
        await until(
          async () =>
            (await influxRows(composition, `SHOW TAG VALUES FROM ${group} WITH KEY = device`)).length === 12,
          20_000,
        );
        console.table(composition.substitutions);
        console.log(
          `All healthy after ${Math.round(healthyAfterMs)} ms, a browser open after ${Math.round(browserAfterMs)} ms, ` +
            `live values in it after ${Math.round(liveAfterMs)} ms.`,
        );
        expect(liveAfterMs).toBeLessThan(60_000);
      } finally {
        await browser.close();
      }
    },
  );

  test('the board of the profile grafana asks what this database can answer', async () => {
    const [[field] = []] = await influxRows(composition, `SHOW FIELD KEYS FROM "${group}"`);
    for (const { targets } of board.panels)
      for (const { query } of targets) {
        const statement = query
          .replaceAll('$field', String(field))
          .replaceAll('$group', group)
          .replaceAll('$device', '.*')
          .replaceAll('$timeFilter', 'time > now() - 1h')
          .replaceAll('$__interval', '10s');
        expect(await influxRows(composition, statement), statement).not.toEqual([]);
      }
    for (const { query } of board.templating.list)
      expect(await influxRows(composition, query.replaceAll('$group', group)), query).not.toEqual([]);
  });

  test('what InfluxDB 2 is set up with is what the hub then uses: by stub', { timeout: 60_000 }, async () => {
    await using influx2 = await StubInflux.start();
    const { services } = readComposeFile();
    const initial = services['influxdb']?.environment ?? {};
    const secret = (name: string): string =>
      readFileSync(join(composition.volume('influxdb-secrets'), name), 'utf8').trim();
    const setup = await fetch(`${influx2.url}/api/v2/setup`, {
      method: 'POST',
      body: JSON.stringify({
        username: initial['DOCKER_INFLUXDB_INIT_USERNAME'],
        password: secret(basename(initial['DOCKER_INFLUXDB_INIT_PASSWORD_FILE'] ?? '')),
        token: secret(basename(initial['DOCKER_INFLUXDB_INIT_ADMIN_TOKEN_FILE'] ?? '')),
        org: initial['DOCKER_INFLUXDB_INIT_ORG'],
        bucket: initial['DOCKER_INFLUXDB_INIT_BUCKET'],
      }),
    });
    expect(setup.status).toBe(201);
    const written = Object.entries(services['hub']?.environment ?? {}).filter(([name]) =>
      name.startsWith('SIGNALBOX_INFLUX_'),
    );
    await using hub = await HubProcess.start([], undefined, {
      ...Object.fromEntries(written),
      SIGNALBOX_INFLUX_URL: influx2.url,
      SIGNALBOX_INFLUX_TOKEN_FILE: join(composition.volume('hub-secrets'), 'influx-token'),
    });
    await hub.json('/api/v1/groups/greenhouse/devices/d/telemetry', { method: 'POST', body: '{"n":1}' });
    await until(
      () => influx2.points.size > 0,
      10_000,
      () => `${influx2.paths.join('\n')}\n${hub.output}`,
    );
    const write = influx2.paths.find((path) => path.startsWith('POST /api/v2/write?'));
    expect(Object.fromEntries(new URLSearchParams(write?.split('?')[1]))).toMatchObject({
      org: initial['DOCKER_INFLUXDB_INIT_ORG'],
      bucket: initial['DOCKER_INFLUXDB_INIT_BUCKET'],
    });
    expect((await hub.json<HubStatus>('/api/v1/status')).edges).toContainEqual(
      expect.objectContaining({ name: 'influxdb', state: 'up' }),
    );
  });

  test(
    'every service restarted under load, in several orders, loses no acknowledged reading',
    { timeout: 240_000 },
    async () => {
      const senders = await startSenders();
      const orders = [
        ['hub'],
        ['mosquitto'],
        ['influxdb'],
        ['influxdb', 'mosquitto', 'hub'],
        ['hub', 'mosquitto', 'influxdb'],
      ];
      try {
        await acknowledgeMore(senders);
        for (const order of orders) {
          for (const name of order) await composition.service(name).stop();
          for (const name of order.toReversed()) composition.service(name).start();
          await acknowledgeMore(senders);
        }
      } finally {
        await Promise.all(senders.map((sender) => sender.stop()));
      }
      const tallies: Tally[] = [];
      for (const { ledger } of senders) tallies.push(await settledTally(ledger));
      console.table(tallies);
      for (const tally of tallies) expect(tally).toMatchObject({ lost: 0, invented: 0, doubled: 0 });
    },
  );

  /** At the hub by HTTP and Socket.IO, and at Mosquitto as a device with a user of its own there. */
  async function startSenders(): Promise<readonly Sender[]> {
    const device = 'over-mqtt';
    const password = await composition.run('secrets', ['node', 'hub/cli.ts', 'add-mqtt-user', device]);
    composition.service('mosquitto').signal('SIGHUP');
    const url = `mqtt://127.0.0.1:${composition.ports['mosquitto']}`;
    const own = async (name: string): Promise<{ url: string; token: string; group: string }> => {
      const body = JSON.stringify({ name, role: 'device', groups: [group], device: name });
      const { secret } = (await api('/api/v1/tokens', { method: 'POST', body })) as { secret: string };
      return { url: hubUrl, token: secret, group };
    };
    return [
      await mqttSender(new Ledger(device, startMs), {
        url,
        username: device,
        token: password,
        group,
        restMs: 20,
      }),
      await socketIoSender(new Ledger('over-socketio', startMs), await own('over-socketio')),
      await httpSender(new Ledger('over-http', startMs), await own('over-http')),
    ];
  }

  async function acknowledgeMore(senders: readonly Sender[]): Promise<void> {
    const goals = senders.map(({ ledger }) => ledger.acknowledged + acknowledgedBetween);
    await until(
      () => senders.every(({ ledger }, index) => ledger.acknowledged >= (goals[index] ?? 0)),
      40_000,
      () =>
        `${JSON.stringify(senders.map(({ ledger }) => [ledger.device, ledger.acknowledged]))}\n${composition.service('hub').output}`,
    );
  }

  /** What waits in the broker's queue and in the hub's spool comes in the end. */
  async function settledTally(ledger: Ledger): Promise<Tally> {
    let tally: Tally | undefined;
    const settled = async (): Promise<boolean> => {
      const rows = await influxRows(composition, `SELECT n FROM ${group} WHERE device = '${ledger.device}'`);
      tally = ledger.tally(rows.map(([timeMs, value]) => [Number(timeMs), Number(value)]));
      return tally.lost === 0;
    };
    await until(settled, 40_000, () => JSON.stringify(tally));
    if (tally === undefined) throw new Error('nothing was compared');
    return tally;
  }
});
