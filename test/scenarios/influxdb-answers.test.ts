/**
 * A database that gives every answer there is, while devices of all three protocols send: after each the hub does what the
 * answer asks for, and in the end every acknowledged reading is in the database or in quarantine, none is invented.
 */
import { expect, test } from 'vitest';
import type { HubStatus } from '#contract/status.ts';
import { StubInflux, type Script } from '../bridges/influxdb/support/stub-influx.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { Ledger } from './support/ledger.ts';
import { httpSender, mqttSender, socketIoSender } from './support/senders.ts';

const group = 'plant';
const startMs = Date.now() - 3_600_000;
const poison = 'n=617 ';

const answers: readonly Script[] = [
  ...[408, 425, 429, 500, 502, 503, 504, 401, 403, 404].map((status) => ({ status })),
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 500, stores: true },
  { status: 0, instead: 'reset' },
  { status: 0, stores: true, instead: 'reset' },
  // A line alone would be refused for itself, and is quarantined then.
  { status: 413, fromLines: 2 },
  {
    status: 422,
    fromLines: 2,
    body: '{"code":"unprocessable entity","message":"points beyond retention policy"}',
  },
  { status: 400, fromLines: 2, body: '{"code":"invalid","message":"partial write: one of them dropped=1"}' },
];

/** The values of one device by their times, as the database has them. */
function storedOf(stub: StubInflux, device: string): (readonly [number, number])[] {
  return [...stub.points].flatMap(([key, value]) => {
    const [of, metric, , timeUs] = key.split(' ');
    return of === device && metric === `${group}.n` ? [[Number(timeUs) / 1000, Number(value)] as const] : [];
  });
}

async function quarantined(hub: HubProcess): Promise<readonly string[]> {
  const { items } = await hub.json<{ items: { code: string; payload: string }[] }>(
    '/api/v1/quarantine?limit=1000',
  );
  return items.filter(({ code }) => code === 'refused-by-influxdb').map(({ payload }) => payload);
}

test(
  'every status, a poisoned reading, stored although it said no: nothing is missing',
  { timeout: 90_000 },
  async () => {
    await using stub = await StubInflux.start({ poison, isPartial: true });
    await using hub = await HubProcess.start(['--influx-url', stub.url, '--influx-token', 'secret']);
    const target = async (device: string, url: string) => ({
      url,
      group,
      token: await hub.createToken({ name: device, role: 'device', groups: [group], device }),
      restMs: 20,
    });
    const senders = [
      await mqttSender(new Ledger('over-mqtt', startMs), await target('over-mqtt', hub.mqtt)),
      await socketIoSender(new Ledger('over-socketio', startMs), await target('over-socketio', hub.url)),
      await httpSender(new Ledger('over-http', startMs), await target('over-http', hub.url)),
    ];
    // One bad answer after the other, with a good one between them.
    for (const answer of answers) {
      const written = stub.writes.length;
      stub.script = [answer];
      const isTaken = (): boolean => stub.script.length === 0 && stub.writes.length > written;
      await until(isTaken, 20_000, () => `${JSON.stringify(answer)}\n${hub.output}`);
    }
    await until(
      () => senders.every(({ ledger }) => ledger.acknowledged > 700),
      30_000,
      () => hub.output,
    );
    await Promise.all(senders.map((sender) => sender.stop()));
    let status: HubStatus | undefined;
    const isDrained = async (): Promise<boolean> =>
      (status = await hub.json<HubStatus>('/api/v1/status')).store.spool?.waiting === 0;
    await until(isDrained, 20_000, () => JSON.stringify(status));
    const kept = (await quarantined(hub)).join('');
    for (const { ledger } of senders) {
      const { device } = ledger;
      const apart = kept
        .split('\n')
        .filter((line) => line.includes(`device=${device} `))
        .map((line) => {
          const [, n = '', timeUs = ''] = /n=(\d+) (\d+)/.exec(line) ?? [];
          return [Number(timeUs) / 1000, Number(n)] as const;
        });
      expect([device, apart.map(([, n]) => n)]).toEqual([device, [617]]);
      expect(ledger.tally([...storedOf(stub, device), ...apart])).toMatchObject({
        lost: 0,
        invented: 0,
        doubled: 0,
      });
    }
    expect(status?.edges.find(({ name }) => name === 'influxdb')?.state).toBe('up');
    console.log(
      `${answers.length} answers, ${stub.writes.length} writes, ${stub.points.size} readings there.`,
    );
  },
);
