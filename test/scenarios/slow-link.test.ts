/**
 * 5,000 readings per second at dashboards of every kind at once: one on a good line, one on a line of 64 kbit/s, and
 * fifty that stopped reading. Nobody pays for the others; who is slow sees less, but nothing old.
 */
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tuplesOf, type ReadingsFrame } from '#contract/frame.ts';
import type { ReadingTuple } from '#contract/reading.ts';
import type { HubStatus } from '#contract/status.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const group = 'plant';
const metrics = 250;
const instantsPerPost = 5;
const everyMs = 100;
const frozen = 50;
const seconds = 10;
const slowBytesPerSecond = 8000;

interface Seen {
  readonly socket: Socket;
  readonly newest: Map<string, number>;
  readonly agesMs: number[];
  frames: number;
  gaps: number;
}

let hub: HubProcess;
let wire: TcpProxy;
let token = '';
const opened: Socket[] = [];

beforeAll(async () => {
  hub = await HubProcess.start();
  wire = await TcpProxy.start(hub.url);
  wire.bytesPerSecond = slowBytesPerSecond;
  await post(0);
  token = await hub.createToken({ name: 'screens', role: 'viewer', groups: [group] });
});

afterAll(async () => {
  for (const socket of opened) socket.disconnect();
  await wire?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

/** Values are numbers that grow: the last is known exactly. @returns the last */
async function post(beat: number): Promise<number> {
  const now = Date.now();
  const readings = Array.from({ length: instantsPerPost }, (_, instant) => ({
    ts: now + instant / 10,
    values: Object.fromEntries(
      Array.from({ length: metrics }, (_each, metric) => [`m${metric}`, beat * instantsPerPost + instant]),
    ),
  }));
  await hub.json(`/api/v1/groups/${group}/devices/press/telemetry`, {
    method: 'POST',
    body: JSON.stringify(readings),
  });
  return (beat + 1) * instantsPerPost - 1;
}

async function run(): Promise<{ readonly last: number; readonly sent: number }> {
  const startMs = performance.now();
  let last = 0;
  let beat = 1;
  for (; performance.now() - startMs < seconds * 1000; beat += 1) {
    last = await post(beat);
    const restMs = Math.max(0, beat * everyMs - (performance.now() - startMs));
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
  return { last, sent: (beat - 1) * instantsPerPost * metrics };
}

async function watch(url: string): Promise<Seen> {
  const socket = io(`${url}/${group}`, { auth: { token }, transports: ['websocket'], forceNew: true });
  opened.push(socket);
  const seen: Seen = { socket, newest: new Map(), agesMs: [], frames: 0, gaps: 0 };
  const take = (readings: readonly ReadingTuple[]): void => {
    seen.frames += 1;
    for (const [, metric, timeMs, value] of readings) {
      seen.newest.set(metric, Number(value));
      seen.agesMs.push(Date.now() - timeMs);
    }
  };
  socket.on('readings', (frame: ReadingsFrame) => take(tuplesOf(frame)));
  socket.on('gap', ({ latest }: { latest: readonly ReadingTuple[] }) => {
    seen.gaps += 1;
    take(latest);
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  await socket.timeout(10_000).emitWithAck('subscribe', { maxHz: 10 });
  return seen;
}

/** Leaves the TCP socket below the official client unread. */
function freeze({ socket }: Seen): void {
  (socket.io.engine.transport as unknown as { ws: { pause(): void } }).ws.pause();
}

function isExact({ newest }: Seen, last: number): boolean {
  return newest.size === metrics && [...newest.values()].every((value) => value === last);
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}

describe('Dashboards on lines of every kind', () => {
  test('each gets what its line carries, and nobody pays for another', { timeout: 60_000 }, async () => {
    const healthy = await watch(hub.url);
    const slow = await watch(wire.url);
    for (let index = 0; index < frozen; index += 1) freeze(await watch(hub.url));
    const before = hub.memoryRss();
    const { last, sent } = await run();
    const growth = hub.memoryRss() - before;
    const { sockets } = await hub.json<HubStatus>('/api/v1/status');
    const lateness = slow.agesMs.slice(-5 * metrics);
    console.table({
      'readings/s': sent / seconds,
      'healthy: frames/s': healthy.frames / seconds,
      'healthy: p95 ms': percentile(healthy.agesMs, 0.95),
      'slow: frames/s': slow.frames / seconds,
      'slow: gaps': slow.gaps,
      'slow: oldest of the last ms': Math.max(...lateness),
      'hub: growth MB': growth / 1e6,
      'hub: queued bytes': sockets.queuedBytes,
    });
    await until(
      () => isExact(healthy, last),
      10_000,
      () => 'The last value never came.',
    );
    expect(healthy.gaps).toBe(0);
    expect(healthy.frames).toBeGreaterThan(5 * seconds);
    expect(percentile(healthy.agesMs, 0.95)).toBeLessThan(1000);
    expect(slow.gaps).toBeGreaterThan(0);
    expect(slow.frames).toBeLessThan(healthy.frames / 2);
    expect(Math.max(...lateness)).toBeLessThan(6000);
    await until(
      () => isExact(slow, last),
      10_000,
      () => 'The slow one never got the last value.',
    );
    // The load itself moves the heap by some tens of megabytes; fifty queues would add to that without an end.
    expect(growth).toBeLessThan(80e6);
    expect(sockets.queuedBytes).toBeLessThan(frozen * 64 * 1024);
  });
});
