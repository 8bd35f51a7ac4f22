/** The promise of the HTTP edge over the real door and the real file: 2xx means that it is on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../hub/clock.ts';
import { HistoryService } from '../../../hub/history/history.ts';
import { IngestDoor } from '../../../hub/ingest/ingest.ts';
import { openStore, type OpenStore } from '../../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { HttpRig } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-http-'));
const path = '/api/v1/groups/plant/devices/pump';
const startMs = Date.now() - 60_000;
let store: OpenStore;
let rig: HttpRig;

function historyOf({ history }: OpenStore): HistoryService {
  return new HistoryService({ store: history, readings: history, clock: systemClock });
}

async function open(): Promise<void> {
  const common = { clock: systemClock, log: silentLog, counters: new CountersProbe() };
  store = await openStore({ folder, ...common });
  const { journal, quarantine, inbox } = store;
  const ingest = new IngestDoor({ journal, quarantine, inbox, committed: () => {}, ...common });
  rig = await HttpRig.start({ ...common, ingest, quarantine, inbox, history: historyOf(store) });
}

async function stored(query = ''): Promise<unknown> {
  const answer = await rig.request({ url: `${path}/history?start=${startMs}&metrics=flow${query}` });
  return answer.json<{ series: readonly { points?: unknown; buckets?: unknown }[] }>().series[0]?.points;
}

describe('telemetry over HTTP, to the file and back', () => {
  beforeAll(open);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const payload = Array.from({ length: 2500 }, (_, index) => ({
    ts: startMs + index,
    values: { flow: index },
  }));

  test('2,500 readings of one request are all there when it is answered', async () => {
    const answer = await rig.request({ method: 'POST', url: `${path}/telemetry`, payload });
    expect([answer.statusCode, answer.json().accepted]).toEqual([200, 2500]);
    expect(await stored()).toEqual(payload.map(({ ts, values }) => [ts, values.flow]));
  });

  test('the same request again adds nothing', async () => {
    await rig.request({ method: 'POST', url: `${path}/telemetry`, payload });
    expect(await stored()).toHaveLength(2500);
  });

  test('what can never be accepted is in quarantine with its reason', async () => {
    const tooOld = { ts: Date.parse('2001-01-01T00:00:00Z'), values: { flow: 1 } };
    const answer = await rig.request({ method: 'POST', url: `${path}/telemetry`, payload: tooOld });
    expect(answer.statusCode).toBe(422);
    const listed = await rig.request({ url: '/api/v1/quarantine' });
    expect(listed.json()).toMatchObject({
      total: 1,
      items: [{ code: answer.json().code, source: { edge: 'http' } }],
    });
  });

  test('all of it survives a restart', async () => {
    await store.close();
    await open();
    expect(await stored()).toHaveLength(2500);
  });
});
