import { expect, test } from 'vitest';
import { HttpProblem } from '../../../dashboards/api/http.ts';
import { exportReadings } from '../../../dashboards/state/export-run.ts';
import type { ExportParts } from '../../../dashboards/state/export-run.ts';
import { Language } from '../../../dashboards/state/language.ts';
import type { Told } from '../../../dashboards/state/works.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const encoder = new TextEncoder();
const startMs = Date.parse('2026-05-01T10:00:00Z');

function lines(device: string, metric: string, fromMinute: number, minutes: number): Uint8Array<ArrayBuffer> {
  const rows = Array.from({ length: minutes }, (_, index) => {
    const time = new Date(startMs + (fromMinute + index) * 60_000).toISOString();
    return `${device},${metric},,${time},1,good\r\n`;
  });
  return encoder.encode(rows.join(''));
}

/** Streams these chunks, each 300 ms after the one before. */
function run(chunks: readonly Uint8Array<ArrayBuffer>[], end?: Error) {
  let now = startMs + 100 * 60_000;
  const told: Told[] = [];
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (end === undefined) controller.close();
      else controller.error(end);
    },
  });
  const parts: ExportParts = {
    api: { exportReadings: async () => new Response(body) },
    timing: { now: () => (now += 300), after: () => () => undefined },
    query: { group: 'plant', format: 'csv', start: startMs, end: startMs + 100 * 60_000 },
    devices: [
      { device: 'b', metrics: [{ metric: 'x' }, { metric: 'y' }] },
      { device: 'a', metrics: [{ metric: 'x' }, { metric: 'y' }] },
    ],
    tell: (one) => void told.push(one),
    signal: new AbortController().signal,
  };
  return { told, parts };
}

test('what came is one file, and each piece says how far it is: by series, then by time', async () => {
  const chunks = [lines('a', 'x', 0, 50), lines('a', 'y', 0, 100), lines('b', 'x', 0, 50)];
  const { told, parts } = run(chunks);
  const file = await exportReadings(parts);
  expect(await file.text()).toBe(await new Blob(chunks).text());
  expect(file.type).toBe('text/csv');
  const shares = told.map(({ done = 0 }) => Math.round(done * 100));
  expect(shares).toEqual([12, 50, 62, 100]);
  expect(told.at(-1)?.words(new Language('en'))).toMatch(/^[\d.]+ kB$/);
});

test('a line that is not known tells nothing, and the share never goes back', async () => {
  const { told, parts } = run([lines('b', 'y', 0, 100), lines('zzz', 'x', 0, 5), lines('a', 'x', 0, 5)]);
  await exportReadings(parts);
  const shares = told.map(({ done = 0 }) => done);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
});

test('a stream that breaks off is no file', async () => {
  const { parts } = run([lines('a', 'x', 0, 5)], new TypeError('network error'));
  await expect(exportReadings(parts)).rejects.toThrow(HttpProblem);
});

test('a hub that says nothing for a minute is given up', async () => {
  const clock = new ManualClock();
  const { parts } = run([]);
  const api: ExportParts['api'] = {
    exportReadings: async (_query, signal) => {
      const start = (body: ReadableStreamDefaultController): void =>
        signal.addEventListener('abort', () => body.error(signal.reason));
      return new Response(new ReadableStream({ start }));
    },
  };
  const timing = { now: () => 0, after: (ms: number, fn: () => void) => clock.after(ms, fn) };
  const exporting = exportReadings({ ...parts, api, timing });
  clock.advance(61_000);
  await expect(exporting).rejects.toThrow('said nothing for a minute');
});
