import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { backfill, stepMs } from '../../../simulators/demo/backfill.ts';
import { demoSeed, demoSpecs } from '../../../simulators/demo/preset.ts';
import { sampleOf } from '../../../simulators/models/model.ts';
import { dayMs } from '../../../simulators/signals/daily-cycle.ts';
import { deviceSeed } from '../../../simulators/simulated-device.ts';
import { HttpStub } from '../support/http-stub.ts';

interface Sample {
  readonly ts: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const specs = demoSpecs().slice(0, 2);
const now = Date.parse('2026-06-01T12:00:30.500Z');
const end = Math.floor(now / stepMs) * stepMs;
const nothing: HistoryAnswer = { series: [], truncated: false };

let hub: HttpStub;
beforeEach(async () => {
  hub = await HttpStub.start();
});
afterEach(() => hub.stop());

function fill(
  history: (device: string) => HistoryAnswer = () => nothing,
  stop = new AbortController().signal,
) {
  const api = { history: async (_group: string, device: string) => history(device) };
  return backfill({ specs, seed: demoSeed, api, url: hub.url, token: 'gateway', now, stop });
}

const batches = () => hub.requests.map(({ body }) => JSON.parse(body) as readonly Sample[]);

describe('a day of history', () => {
  test('is one reading per metric and whole minute, up to the present one', async () => {
    expect(await fill()).toBe(2 * 1440 * 4);
    const times = batches()
      .flat()
      .map(({ ts }) => ts);
    expect(times).toHaveLength(2 * 1440);
    expect(Math.min(...times)).toBe(end - dayMs);
    expect(Math.max(...times)).toBe(end - stepMs);
    expect(times.every((ts) => ts % stepMs === 0)).toBe(true);
  });

  test('goes to each device’s telemetry with the gateway’s token, at most 1000 readings a time', async () => {
    await fill();
    const [first] = specs;
    expect(hub.requests[0]).toMatchObject({
      line: `POST /api/v1/groups/${first?.group}/devices/${first?.device}/telemetry`,
      authorization: 'Bearer gateway',
    });
    for (const batch of batches()) expect(batch.length * 4).toBeLessThanOrEqual(1000);
  });

  test('holds what the device itself would report at that instant', async () => {
    await fill();
    const [first] = specs;
    const sample = batches()[0]?.[17];
    if (first === undefined || sample === undefined) throw new Error('nothing was sent');
    expect(sample.values).toEqual(sampleOf(first.model, sample.ts, deviceSeed(first, demoSeed)));
  });

  test('is the same history when it is sent again', async () => {
    await fill();
    const bodies = hub.requests.map(({ body }) => body).toSorted();
    hub.requests.length = 0;
    await fill();
    expect(hub.requests.map(({ body }) => body).toSorted()).toEqual(bodies);
  });

  test('leaves minutes alone that hold readings already', async () => {
    const taken = Array.from({ length: 1000 }, (_, minute) => end - dayMs + minute * stepMs);
    const buckets = taken.map((timeMs) => [timeMs, 1, 1, 1, 1, 1] as const);
    const empty = [end - stepMs, null, null, null, 0, null] as const;
    const known = { series: [{ device: 'd', metric: 'm', buckets: [...buckets, empty] }], truncated: false };
    await fill((device) => (device === specs[0]?.device ? known : nothing));
    const times = hub.requests
      .filter(({ line }) => line.includes(`/${specs[0]?.device}/`))
      .flatMap(({ body }) => (JSON.parse(body) as readonly Sample[]).map(({ ts }) => ts));
    expect(times).toHaveLength(440);
    expect(times).toContain(end - stepMs);
    expect(times.some((ts) => taken.includes(ts))).toBe(false);
  });

  test('asks by a metric that is a number: buckets do not count the states of a switch', async () => {
    const asked: string[] = [];
    const api = {
      async history(_group: string, _device: string, { metrics }: { readonly metrics: string }) {
        asked.push(metrics);
        return nothing;
      },
    };
    const pumps = demoSpecs().filter(({ model }) => model.kind === 'pump');
    const stop = new AbortController().signal;
    await backfill({ specs: pumps, seed: demoSeed, api, url: hub.url, token: 'gateway', now, stop });
    expect(asked).toEqual(['speed', 'speed']);
  });

  test('is sent again, in its place, where the hub said "not now"', async () => {
    let refusals = 1;
    hub.answer = () => (refusals-- > 0 ? { status: 503, headers: { 'retry-after': '0' } } : {});
    await fill();
    expect(
      new Set(
        batches()
          .flat()
          .map(({ ts }) => ts),
      ).size,
    ).toBe(1440);
  });

  test('a hub that refuses it ends it in one sentence', async () => {
    hub.answer = () => ({ status: 403, body: 'no' });
    await expect(fill()).rejects.toThrow('The hub refused the history with 403: "no"');
  });

  test('stops when told', async () => {
    await expect(fill(() => nothing, AbortSignal.abort())).rejects.toThrow();
    expect(hub.requests).toEqual([]);
  });
});
