/**
 * What a page costs its browser over a while: the main thread, long tasks, memory. From Chromium's own trace, in
 * processor time: a machine that is busy with others makes tasks longer, not dearer.
 */
import type { CDPSession, Page } from 'playwright-core';

export interface PageCost {
  readonly seconds: number;
  /** Share of the time in which the main thread worked, 0 to 1. */
  readonly mainThread: number;
  /** Processor time of the tasks over 50 ms, ms. */
  readonly longTasksMs: readonly number[];
  /** Processor time of the longest task, ms. */
  readonly longestMs: number;
  /** How many tasks lasted over 50 ms by the clock on the wall. */
  readonly longByTheWall: number;
  /** JavaScript heap after a collection, bytes: before and after. */
  readonly heapBytes: readonly [before: number, after: number];
}

const longMs = 50;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: on the wall, and of the processor. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Measures from now for so long. */
export async function measurePage(page: Page, seconds: number): Promise<PageCost> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser of its own to trace.');
  const session = await page.context().newCDPSession(page);
  const heapBefore = await heapOf(session);
  await browser.startTracing(page, { categories: ['-*', 'disabled-by-default-devtools.timeline'] });
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const passed = (performance.now() - startedAt) / 1000;
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const heapAfter = await heapOf(session);
  await session.detach();
  const tasks = busiestMainThread(traceEvents);
  const cpuMs = tasks.map(({ tdur = 0 }) => tdur / 1000);
  return {
    seconds: passed,
    mainThread: cpuMs.reduce((sum, ms) => sum + ms, 0) / 1000 / passed,
    longTasksMs: cpuMs.filter((ms) => ms > longMs),
    longestMs: cpuMs.reduce((longest, ms) => Math.max(longest, ms), 0),
    longByTheWall: tasks.filter(({ dur = 0 }) => dur / 1000 > longMs).length,
    heapBytes: [heapBefore, heapAfter],
  };
}

export function costText({
  seconds,
  mainThread,
  longTasksMs,
  longestMs,
  longByTheWall,
  heapBytes,
}: PageCost): string {
  const [before, after] = heapBytes.map((bytes) => (bytes / 1e6).toFixed(1));
  const long = longTasksMs.map((ms) => Math.round(ms)).join(', ');
  return (
    `main thread ${(mainThread * 100).toFixed(1)} % over ${Math.round(seconds)} s, ` +
    `${longTasksMs.length} tasks over 50 ms of processor time${long === '' ? '' : ` (${long})`}, ` +
    `${longByTheWall} by the clock, longest ${Math.round(longestMs)} ms, heap ${before} → ${after} MB`
  );
}

/** The tasks of the renderer that worked most: other renderers are empty pages. */
function busiestMainThread(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const tasks = mains.map(({ pid, tid }) =>
    events.filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid),
  );
  return tasks.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}
