/** Hosts one chart: gives it a place, a legend and colours; its data never passes through here as state. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Chart } from '../charts/chart.ts';
import { readColours } from '../charts/colours.ts';
import { distinctColours } from '../charts/palette.ts';
import { unitText } from '../format/unit.ts';
import { toColumns } from '../series/columns.ts';
import type { App } from '../state/app.ts';
import type { ChartGroup } from '../state/chart-groups.ts';
import type { ChartSession } from '../state/chart-session.ts';
import type { Language } from '../state/language.ts';
import { edgesOf } from '../state/viewport.ts';
import { useApp } from './context.ts';

const heights = { number: 200, boolean: 96 } as const;
/** New data is drawn at most this often; without any, time alone moves the picture once a second. */
const drawMs = 250;
const flowMs = 1000;

interface ChartPanelProps {
  readonly group: ChartGroup;
  readonly session: ChartSession;
}

export function ChartPanel({ group, session }: ChartPanelProps) {
  const app = useApp();
  const host = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLElement>(null);
  const locale = app.language.region.value;
  const theme = app.preferences.theme.value;
  const scheme = app.schemeChanges.value;
  const colours = useMemo(
    () => distinctColours(group.series.map(({ info }) => ({ metric: info.metric, class: info.class }))),
    [group],
  );
  useEffect(() => {
    if (host.current === null || legend.current === null) return;
    const chart = openChart({ host: host.current, legend: legend.current, group, session, colours, app });
    const stop = keepDrawn(chart, group, session, () => app.timing.now());
    return () => {
      stop();
      chart.close();
    };
  }, [group, session, locale, theme, scheme, app, colours]);
  const names = group.series.map(({ label }) => label).join(', ');
  return (
    <section class="chart" aria-label={app.language.t('chart.label', { metrics: names })}>
      <header class="chart-head" ref={legend}>
        {group.series.map(({ name, label }, index) => (
          <span key={name} class={`chart-key series-${colours[index] ?? 0}`}>
            <i class="chart-swatch" aria-hidden="true" />
            <bdi class="name">{label}</bdi>
            <b class="chart-value" />
          </span>
        ))}
        <span class="chart-unit">{unitText(group.unit)}</span>
        <time class="chart-time" />
      </header>
      <div class="chart-host" ref={host} />
    </section>
  );
}

function openChart(parts: {
  readonly host: HTMLElement;
  readonly legend: HTMLElement;
  readonly group: ChartGroup;
  readonly session: ChartSession;
  readonly colours: readonly number[];
  readonly app: App;
}): Chart {
  const { host, legend, group, session, colours, app } = parts;
  const { language } = app;
  return new Chart({
    host,
    height: heights[group.isBoolean ? 'boolean' : 'number'],
    colours: readColours(host),
    spec: {
      series: group.series.map(({ label }, index) => ({ label, colour: colours[index] ?? 0 })),
      isBoolean: group.isBoolean,
      locale: language.region.value,
      formatValue: (value) =>
        group.isBoolean ? language.values.value(value > 0.5).text : language.values.number(value),
    },
    events: {
      zoom: (factor, atMs) => session.zoom(factor, atMs),
      pan: (byMs) => session.pan(byMs),
      returnToLive: () => session.returnToLive(),
      hover: (at) => showHover(legend, group, language, at),
    },
  });
}

/** Writes what is under the crosshair into the legend, past the view library: it moves with the pointer. */
function showHover(
  legend: HTMLElement,
  group: ChartGroup,
  language: Language,
  at: { readonly timeMs: number; readonly values: readonly (number | undefined)[] } | undefined,
): void {
  const time = legend.querySelector('.chart-time');
  if (time !== null) time.textContent = at === undefined ? '' : language.time(at.timeMs);
  legend.querySelectorAll('.chart-value').forEach((element, index) => {
    const value = at?.values[index];
    const shown = group.isBoolean && value !== undefined ? value > 0.5 : value;
    const { text, unit } = language.values.value(shown, group.series[index]?.info);
    element.textContent = at === undefined ? '' : `${text} ${unit}`;
  });
}

/** Draws when something changed or time went on, in step with the screen, and not while nobody looks. */
function keepDrawn(chart: Chart, group: ChartGroup, session: ChartSession, now: () => number): () => void {
  let drawnChanges = -1;
  let drawnAt = 0;
  let frame = 0;
  const draw = (): void => {
    drawnChanges = session.changes;
    drawnAt = performance.now();
    const edges = edgesOf(session.viewport.peek(), now());
    const rings = group.series
      .map(({ name }) => session.find(name)?.ring)
      .filter((ring) => ring !== undefined);
    if (rings.length === group.series.length) chart.draw(toColumns(rings, edges), edges);
  };
  const check = (): void => {
    const isFlowing = session.viewport.peek().endMs === undefined && performance.now() - drawnAt >= flowMs;
    if (session.changes === drawnChanges && !isFlowing) return;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  };
  draw();
  const timer = setInterval(check, drawMs);
  const unfollow = session.viewport.subscribe(check);
  return () => {
    clearInterval(timer);
    cancelAnimationFrame(frame);
    unfollow();
  };
}
