/** One chart on its canvas. Knows uPlot and the DOM; is told what to draw and tells what the pointer does. */
import uPlot from 'uplot';
import type { Columns } from '../series/columns.ts';
import type { ChartColours } from './colours.ts';
import { optionsFor } from './chart-options.ts';
import type { ChartSpec } from './chart-options.ts';

export interface ChartEvents {
  zoom(factor: number, atMs: number): void;
  pan(byMs: number): void;
  returnToLive(): void;
  /** The values under the crosshair, one per series; undefined when the pointer is elsewhere. */
  hover(at: { readonly timeMs: number; readonly values: readonly (number | undefined)[] } | undefined): void;
}

const wheelStep = 1.2;

export class Chart {
  readonly #plot: uPlot;
  readonly #series: number;
  readonly #resize: ResizeObserver;
  readonly #listening = new AbortController();
  readonly #pointers = new Map<number, number>();

  constructor(parts: {
    host: HTMLElement;
    height: number;
    spec: ChartSpec;
    colours: ChartColours;
    events: ChartEvents;
  }) {
    const { host, height, spec, colours, events } = parts;
    this.#series = spec.series.length;
    const size = { width: Math.max(host.clientWidth, 100), height };
    const options = optionsFor(spec, colours, size, uPlot.paths.stepped?.({ align: 1 }));
    options.hooks = { setCursor: [(plot) => this.#tellHover(plot, events)] };
    this.#plot = new uPlot(options, emptyData(this.#series), host);
    this.#resize = new ResizeObserver(() => {
      if (host.clientWidth > 0) this.#plot.setSize({ width: host.clientWidth, height });
    });
    this.#resize.observe(host);
    this.#listen(events);
  }

  /** @param edges epoch ms: what the x axis spans */
  draw(columns: Columns, edges: { readonly start: number; readonly end: number }): void {
    const data = [columns.times, ...columns.series.flatMap(({ mean, min, max }) => [mean, min, max])];
    this.#plot.batch(() => {
      this.#plot.setData(data as uPlot.AlignedData, false);
      this.#plot.setScale('x', { min: edges.start / 1000, max: edges.end / 1000 });
    });
  }

  close(): void {
    this.#listening.abort();
    this.#resize.disconnect();
    this.#plot.destroy();
  }

  #tellHover(plot: uPlot, events: ChartEvents): void {
    const index = plot.cursor.idx;
    if (index === null || index === undefined || (plot.cursor.left ?? -1) < 0) return events.hover(undefined);
    const values = Array.from({ length: this.#series }, (_, series) => {
      const value = plot.data[1 + series * 3]?.[index];
      return typeof value === 'number' ? value : undefined;
    });
    events.hover({ timeMs: (plot.data[0][index] ?? 0) * 1000, values });
  }

  #listen(events: ChartEvents): void {
    const { over } = this.#plot;
    const { signal } = this.#listening;
    over.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
        if (isSideways) events.pan(this.#timeAt(event.clientX + event.deltaX) - this.#timeAt(event.clientX));
        else events.zoom(event.deltaY > 0 ? wheelStep : 1 / wheelStep, this.#timeAt(event.clientX));
      },
      { passive: false, signal },
    );
    over.addEventListener('dblclick', () => events.returnToLive(), { signal });
    over.addEventListener('pointerdown', (event) => this.#pointers.set(event.pointerId, event.clientX), {
      signal,
    });
    over.addEventListener('pointermove', (event) => this.#moved(event, events), { signal });
    for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const) {
      over.addEventListener(end, (event) => void this.#pointers.delete(event.pointerId), { signal });
    }
  }

  /** One pointer drags, two pinch. */
  #moved(event: PointerEvent, events: ChartEvents): void {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, event.clientX);
    if (other === undefined) {
      if (event.clientX !== before) events.pan(this.#timeAt(before) - this.#timeAt(event.clientX));
      return;
    }
    const distance = Math.abs(event.clientX - other);
    if (distance > 8)
      events.zoom(Math.abs(before - other) / distance, this.#timeAt((event.clientX + other) / 2));
  }

  #timeAt(clientX: number): number {
    return this.#plot.posToVal(clientX - this.#plot.rect.left, 'x') * 1000;
  }
}

function emptyData(series: number): uPlot.AlignedData {
  return [[], ...Array.from({ length: series * 3 }, () => [])] as unknown as uPlot.AlignedData;
}
