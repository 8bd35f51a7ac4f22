/**
 * A day of history for a fleet that starts now. Values are a function of time, times are whole minutes: sent again,
 * it is the same history. Minutes that hold readings already are left alone: they tell what really was.
 */
import { limits } from '#contract/limits.ts';
import { postTelemetry } from '../links/http.ts';
import { sampleOf } from '../models/model.ts';
import { dayMs } from '../signals/daily-cycle.ts';
import { deviceSeed } from '../simulated-device.ts';
import type { DeviceSpec } from '../simulated-device.ts';
import { DemoError } from './child.ts';
import type { HubApi } from './hub-api.ts';

export const stepMs = 60_000;
const attempts = 8;
const longestPauseSeconds = 10;
/** Devices at once: enough to keep a group commit busy. */
const parallel = 4;

export interface BackfillParts {
  readonly specs: readonly DeviceSpec[];
  readonly seed: number;
  readonly api: Pick<HubApi, 'history'>;
  readonly url: string;
  /** A gateway's. */
  readonly token: string;
  /** Epoch ms. */
  readonly now: number;
  readonly stop: AbortSignal;
}

/** @returns how many readings were sent. @throws {DemoError} the hub did not take them */
export async function backfill(parts: BackfillParts): Promise<number> {
  const queue = [...parts.specs];
  const sent: number[] = [];
  const work = async () => {
    for (let spec = queue.shift(); spec !== undefined; spec = queue.shift())
      sent.push(await fillOne(parts, spec));
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return sent.reduce((sum, count) => sum + count, 0);
}

async function fillOne(parts: BackfillParts, spec: DeviceSpec): Promise<number> {
  const { seed, url, token, stop } = parts;
  const times = await missingMinutes(parts, spec);
  const readings = times.map((ts) => ({
    ts,
    values: sampleOf(spec.model, ts, deviceSeed(spec, seed)),
  }));
  const chunk = Math.floor(limits.readingsPerDelivery / spec.model.metrics.length);
  for (let start = 0; start < readings.length; start += chunk) {
    await post(() => postTelemetry({ url, token }, spec, readings.slice(start, start + chunk)), stop);
  }
  return readings.length * spec.model.metrics.length;
}

/** Whole minutes of the last 24 h without a reading, oldest first. */
async function missingMinutes(
  { api, now, seed }: BackfillParts,
  spec: DeviceSpec,
): Promise<readonly number[]> {
  const end = Math.floor(now / stepMs) * stepMs;
  const start = end - dayMs;
  // Buckets count numbers only, so a switch would look as if it had never reported.
  const sample = sampleOf(spec.model, start, seed);
  const metric = Object.keys(sample).find((name) => typeof sample[name] === 'number') ?? '';
  const { series } = await api.history(spec.group, spec.device, {
    start,
    end,
    window: stepMs,
    metrics: metric,
  });
  const known = new Set(
    (series[0]?.buckets ?? [])
      .filter(([, , , , count]) => count > 0)
      .map(([timeMs]) => Math.floor(timeMs / stepMs)),
  );
  const times: number[] = [];
  for (let ts = start; ts < end; ts += stepMs) if (!known.has(ts / stepMs)) times.push(ts);
  return times;
}

/** Tries again while the hub is away or says "not now". */
async function post(send: () => Promise<Response>, stop: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    stop.throwIfAborted();
    const response = await send().catch(() => undefined);
    const text = (await response?.text()) ?? '';
    if (response?.ok === true) return;
    if (response !== undefined && response.status !== 429 && response.status !== 503)
      throw new DemoError(`The hub refused the history with ${response.status}: ${text.slice(0, 200)}`);
    const seconds = Number(response?.headers.get('retry-after') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, Math.min(longestPauseSeconds, seconds) * 1000));
  }
  throw new DemoError('The hub was too busy for the history.');
}
