/** How uPlot draws one of our charts: mean as a line, extremes as a band, gaps as gaps, no decoration. */
import type uPlot from 'uplot';
import { faded } from './colours.ts';
import type { ChartColours } from './colours.ts';
import { linesPerSeries } from './edge-path.ts';
import { timeLabels } from './time-labels.ts';

export interface ChartSeries {
  readonly label: string;
  /** Index into the palette. */
  readonly colour: number;
}

export interface ChartSpec {
  readonly series: readonly ChartSeries[];
  /** On and off: drawn as steps between two lines. */
  readonly isBoolean: boolean;
  /** Each series has its earlier period behind it. */
  readonly isCompared: boolean;
  readonly locale: string;
  /** IANA name; undefined = the machine's own. */
  readonly zone: string | undefined;
  /** @param digits after the decimal point, where all of an axis have as many */
  formatValue(value: number, digits?: number): string;
}

/** How lines go from point to point. */
export interface Paths {
  readonly stepped: uPlot.Series.PathBuilder;
  /** Of an edge of a band: nothing where no point has extremes of its own. */
  readonly edge: uPlot.Series.PathBuilder;
}

const axisFont = '12px system-ui, sans-serif';
const axisWidth = 56;
/** More than these are drawn thinner: they cover less of each other, and cost half. */
const fewLines = 3;

export function optionsFor(
  spec: ChartSpec,
  colours: ChartColours,
  size: { width: number; height: number },
  paths: Paths,
): uPlot.Options {
  return {
    ...size,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false },
      points: { size: 7, width: 2 },
      y: false,
      sync: { key: 'signalbox', setSeries: false, scales: ['x', null] },
    },
    scales: { x: { time: true, auto: false }, y: { range: spec.isBoolean ? [-0.15, 1.15] : paddedRange } },
    axes: [timeAxis(spec, colours), valueAxis(spec, colours)],
    series: [
      {},
      ...spec.series.flatMap((series) => threeLines(series, { spec, colours, paths })),
      ...(spec.isCompared ? spec.series.map((series) => earlierLine(series, colours)) : []),
    ],
    bands: spec.isBoolean ? [] : spec.series.map((series, index) => bandOf(series, index, colours)),
  };
}

function timeAxis(spec: ChartSpec, colours: ChartColours): uPlot.Axis {
  const labels = timeLabels(spec);
  return {
    stroke: colours.text,
    font: axisFont,
    size: 24,
    gap: 4,
    space: 76,
    grid: { show: false },
    ticks: { stroke: colours.grid, width: 1, size: 4 },
    values: (_plot, splits, _axis, _space, step) => labels(splits, step),
  };
}

function valueAxis(spec: ChartSpec, colours: ChartColours): uPlot.Axis {
  const axis: uPlot.Axis = {
    stroke: colours.text,
    font: axisFont,
    size: axisWidth,
    gap: 6,
    space: 36,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    values: (_plot, splits, _axis, _space, step) =>
      splits.map((value) => spec.formatValue(value, decimalsOf(step))),
  };
  return spec.isBoolean ? { ...axis, splits: () => [0, 1] } : axis;
}

/** Of a step between two labels: 0.25 has two. */
function decimalsOf(step: number): number {
  return /\.(\d+)$/.exec(String(step))?.[1]?.length ?? 0;
}

/** Mean, and the edges of the band: thin lines, or a spike of one pixel would fade away. */
function threeLines(
  series: ChartSeries,
  {
    spec,
    colours,
    paths,
  }: { readonly spec: ChartSpec; readonly colours: ChartColours; readonly paths: Paths },
): uPlot.Series[] {
  const stroke = colours.series[series.colour] ?? colours.text;
  const edge: uPlot.Series = {
    width: 1,
    stroke: faded(stroke, 0.5),
    points: { show: false },
    paths: paths.edge,
  };
  const mean: uPlot.Series = {
    label: series.label,
    stroke,
    width: spec.series.length > fewLines ? 1 : 1.5,
    points: { show: true, size: 4, fill: stroke, width: 0, filter: lonePoints },
    ...(spec.isBoolean && { paths: paths.stepped }),
  };
  return [mean, edge, edge];
}

function earlierLine(series: ChartSeries, colours: ChartColours): uPlot.Series {
  const stroke = faded(colours.series[series.colour] ?? colours.text, 0.65);
  return { label: series.label, stroke, width: 1, dash: [5, 4], points: { show: false } };
}

function bandOf(series: ChartSeries, index: number, colours: ChartColours): uPlot.Band {
  const first = 1 + index * linesPerSeries;
  return { series: [first + 2, first + 1], fill: faded(colours.series[series.colour] ?? colours.text, 0.2) };
}

/** A point between two gaps would have no line: only those are dotted. */
const lonePoints: uPlot.Series.Points.Filter = (plot, seriesIndex, show) => {
  const values = plot.data[seriesIndex];
  if (values === undefined || !show) return [];
  const lone: number[] = [];
  for (let index = 0; index < values.length; index += 1) {
    if (typeof values[index] !== 'number') continue;
    if (neighbour(values, index, -1) === null && neighbour(values, index, 1) === null) lone.push(index);
  }
  return lone;
};

/** The next own entry in one direction: `undefined` belongs to other series. */
function neighbour(values: ArrayLike<number | null | undefined>, from: number, step: 1 | -1): number | null {
  for (let index = from + step; index >= 0 && index < values.length; index += step) {
    const value = values[index];
    if (value !== undefined) return value;
  }
  return null;
}

/** Some air above and below; a flat line lies in the middle. */
function paddedRange(_plot: uPlot, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  const span = max - min;
  const air = span > 0 ? span * 0.12 : Math.max(Math.abs(max) * 0.05, 0.5);
  // Amounts that are never negative keep their zero line.
  const low = min >= 0 && min - air < 0 ? 0 : min - air;
  return [low, max + air];
}
