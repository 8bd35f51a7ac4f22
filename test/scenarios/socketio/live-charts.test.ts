/** A chart that opens in the middle of a stream misses nothing and draws nothing twice. */
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard, type Running } from '../../hub/socketio/harness.ts';
import { Chart, keptPoints, LiveCharts } from './live-charts.ts';
import { everyWay } from './transports.ts';

const harness = new Harness();
afterEach(() => harness.end());

interface Open {
  readonly charts: LiveCharts;
  readonly running: Running<LiveCharts['io']>;
}

async function open(): Promise<Open> {
  const httpServer = createServer();
  const charts = new LiveCharts(httpServer);
  return { charts, running: await harness.run(charts.io, httpServer) };
}

/** Records a value in each turn of the loop, until `isEnough` and then a hundred more. @returns how many */
async function stream(charts: LiveCharts, series: string, isEnough: () => boolean): Promise<number> {
  let count = 0;
  for (let more = 0; more < 100; count += 1) {
    charts.record(series, count);
    if (isEnough()) more += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return count;
}

function offsets(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

for (const [way, options] of everyWay)
  describe(`Live charts ${way}`, () => {
    test('charts that open while values stream in have no gap and no value twice', async () => {
      const { charts, running } = await open();
      for (let n = 0; n < 50; n += 1) charts.record('load', n);
      const opened = Array.from({ length: 8 }, () => new Chart(running.client('/', options), 'load'));
      const streamed = await stream(charts, 'load', () => opened.every(({ points }) => points.length > 0));
      const total = 50 + streamed;
      for (const { points } of opened) {
        await expect.poll(() => points.at(-1)?.offset).toBe(total);
        const first = points[0]!.offset;
        expect(points.map(({ offset }) => offset)).toEqual(offsets(first, total));
        // The backlog came first: all that was kept at that moment.
        expect(first).toBeLessThanOrEqual(Math.max(1, total - keptPoints));
      }
    });

    test('only the newest values are kept', async () => {
      const { charts, running } = await open();
      for (let n = 0; n < keptPoints * 3; n += 1) charts.record('load', n);
      expect(charts.kept('load')).toHaveLength(keptPoints);
      const chart = new Chart(running.client('/', options), 'load');
      await expect.poll(() => chart.points.length).toBe(keptPoints);
      expect(chart.points[0]).toEqual({ offset: 2 * keptPoints + 1, value: 2 * keptPoints });
    });

    test('a chart that lost its connection gets what it missed, and goes on', async () => {
      const { charts, running } = await open();
      const socket = running.client('/', options);
      const chart = new Chart(socket, 'load');
      await heard(socket, 'connect');
      charts.record('load', 1);
      await expect.poll(() => chart.points).toHaveLength(1);

      const [server] = charts.io.sockets.sockets.values();
      const gone = heard(server!, 'disconnect');
      socket.io.engine.close();
      await gone;
      for (let n = 0; n < 20; n += 1) charts.record('load', n);
      socket.connect();
      await expect.poll(() => chart.points).toHaveLength(21);
      charts.record('load', 1);
      await expect.poll(() => chart.points.map(({ offset }) => offset)).toEqual(offsets(1, 22));
    });

    test('a chart hears of its own series only', async () => {
      const { charts, running } = await open();
      const [load, heat] = ['load', 'heat'].map((name) => new Chart(running.client('/', options), name));
      await expect.poll(() => charts.io.sockets.adapter.rooms.has('load')).toBe(true);
      await expect.poll(() => charts.io.sockets.adapter.rooms.has('heat')).toBe(true);
      charts.record('load', 1);
      charts.record('heat', 2);
      await expect
        .poll(() => [load!.points, heat!.points])
        .toEqual([[{ offset: 1, value: 1 }], [{ offset: 1, value: 2 }]]);
    });
  });
