/** One chart on its canvas. Knows uPlot and the DOM; is told what to draw and tells what the pointer does. */
import uPlot from 'uplot';
import type { Columns } from '../series/columns.ts';
import type { ChartColours } from './colours.ts';
import { optionsFor } from './chart-options.ts';
import type { ChartSpec, Paths } from './chart-options.ts';
import { edgePath } from './edge-path.ts';

export interface ChartEvents {
  zoom(factor: number, atMs: number): void;
  pan(byMs: number): void;
  returnToLive(): void;
  /** What is under the crosshair; undefined when the pointer is elsewhere. */
  hover(at: Hovered | undefined): void;
}

export interface Hovered {
  readonly timeMs: number;
  /** One per series; then, while periods are compared, each series' earlier one. */
  readonly values: readonly (number | undefined)[];
}

/** The library has its ways of drawing where it was built with them: ours was. */
function paths(): Paths {
  const [stepped, linear] = [uPlot.paths.stepped?.({ align: 1 }), uPlot.paths.linear?.()];
  if (stepped === undefined || linear === undefined) throw new Error('The chart library lacks its paths.');
  return { stepped, edge: edgePath(linear) };
}

const wheelStep = 1.2;
/** Instants of other series that may lie between the crosshair and a series' own. */
const reach = 16;

export class Chart {
  readonly #plot: uPlot;
  readonly #spec: ChartSpec;
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
    this.#spec = spec;
    const size = { width: Math.max(host.clientWidth, 100), height };
    const options = optionsFor(spec, colours, size, paths());
    options.hooks = { setCursor: [(plot) => this.#tellHover(plot, events)] };
    const { zone } = spec;
    if (zone !== undefined) options.tzDate = (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone);
    this.#plot = new uPlot(options, emptyData(options.series.length), host);
    this.#resize = new ResizeObserver(() => {
      if (host.clientWidth > 0) this.#plot.setSize({ width: host.clientWidth, height });
    });
    this.#resize.observe(host);
    this.#listen(events);
  }

  /** @param edges epoch ms: what the x axis spans */
  draw(columns: Columns, edges: { readonly start: number; readonly end: number }): void {
    const shown = this.#spec.series.length;
    const data = [
      columns.times,
      ...columns.series.slice(0, shown).flatMap(({ mean, min, max }) => [mean, min, max]),
      ...columns.series.slice(shown).map(({ mean }) => mean),
    ];
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
    const shown = this.#spec.series.length;
    const means = Array.from({ length: shown }, (_, series) => plot.data[1 + series * 3] ?? []);
    const values = [...means, ...plot.data.slice(1 + shown * 3)].map((own) => nearest(own, index));
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

function emptyData(columns: number): uPlot.AlignedData {
  return Array.from({ length: columns }, () => []) as unknown as uPlot.AlignedData;
}

/** Series of one chart are not measured in the same instants: an own value within a few of them stands for this one. */
function nearest(values: ArrayLike<number | null | undefined>, index: number): number | undefined {
  for (let distance = 0; distance <= reach; distance += 1) {
    for (const value of [values[index - distance], values[index + distance]])
      if (value !== undefined) return value ?? undefined;
  }
  return undefined;
}
