/** What tests and benchmarks see of the charts of a device page. */
import type { Page } from 'playwright-core';

export interface OpenedYear {
  /** From the click to the frame in which the curve of the older half is on the canvas. */
  readonly tookMs: number;
  readonly widthPx: number;
}

/** Presses "1 y" and waits for the curve. */
export function openYear(page: Page): Promise<OpenedYear> {
  return page.evaluate(pressAndWait);
}

async function pressAndWait(): Promise<OpenedYear> {
  const chart = '.chart canvas';
  const inkOfOlder = (): number => {
    const canvas = document.querySelector<HTMLCanvasElement>(chart);
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return 0;
    const { data } = context.getImageData(canvas.width / 4, 0, canvas.width / 4, canvas.height - 30);
    let ink = 0;
    // The curve is the one saturated colour: grid and labels are grey.
    for (let at = 0; at < data.length; at += 4)
      if ((data[at + 3] ?? 0) > 100 && Math.abs((data[at] ?? 0) - (data[at + 2] ?? 0)) > 60) ink += 1;
    return ink;
  };
  const buttons = [...document.querySelectorAll<HTMLElement>('.ranges button')];
  const before = inkOfOlder();
  const startedAt = performance.now();
  buttons.find(({ textContent }) => textContent === '1 y')?.click();
  for (let ink = before; ink < 100 || ink === before; ink = inkOfOlder())
    await new Promise((resolve) => requestAnimationFrame(resolve));
  const widthPx = document.querySelector('.chart .u-over')?.clientWidth ?? 0;
  return { tookMs: performance.now() - startedAt, widthPx };
}

/** How many pixels of the first chart are drawn. */
export function inkOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.chart canvas');
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let ink = 0;
    for (let index = 3; index < data.length; index += 4) if ((data[index] ?? 0) > 0) ink += 1;
    return ink;
  });
}

/** The longest list of buckets that came since the call, and the largest value in any of them. */
export function watchBuckets(page: Page): { most: () => number; largest: () => number } {
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  const lists = (): readonly (readonly (readonly number[])[])[] => frames.flatMap(bucketsIn);
  return {
    most: () => Math.max(0, ...lists().map((list) => list.length)),
    // A bucket is [time, min, max, mean, count].
    largest: () => Math.max(...lists().flatMap((list) => list.map(([, , max = 0]) => max))),
  };
}

function bucketsIn(frame: string): readonly (readonly (readonly number[])[])[] {
  const [, json] = /^4[23][^[]*(\[.*)$/s.exec(frame) ?? [];
  const found: number[][][] = [];
  if (json !== undefined)
    JSON.parse(json, (key, value: unknown) => {
      if (key === 'buckets' && Array.isArray(value)) found.push(value as number[][]);
      return value;
    });
  return found;
}
