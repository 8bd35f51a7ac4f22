/** Hosts one chart: gives it a place, a legend and colours; its data never passes through here as state. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Chart } from '../charts/chart.ts';
import type { Hovered } from '../charts/chart.ts';
import { readColours } from '../charts/colours.ts';
import { keepDrawn } from '../charts/keep-drawn.ts';
import { distinctColours } from '../charts/palette.ts';
import { unitText } from '../format/unit.ts';
import type { App } from '../state/app.ts';
import type { ChartGroup } from '../state/chart-groups.ts';
import type { ChartSession } from '../state/chart-session.ts';
import type { Language } from '../state/language.ts';
import { useApp } from './context.ts';

const heights = { number: 200, boolean: 96 } as const;
/** From this width on there is room for taller ones. */
const largeScreenPx = 2560;
const tallPx = 300;
/** What one press of an arrow key moves, as a share of the view; what `+` and `-` zoom by. */
const keyPanShare = 0.1;
const keyZoom = 1.5;

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
  const zone = app.language.zone.value;
  const isCompared = session.compared.choice.value !== undefined;
  const colours = useMemo(
    () => distinctColours(group.series.map(({ info }) => ({ metric: info.metric, class: info.class }))),
    [group],
  );
  useEffect(() => {
    if (host.current === null || legend.current === null) return;
    const parts = { host: host.current, legend: legend.current, group, session, colours, app, isCompared };
    const chart = openChart(parts);
    const stop = keepDrawn({
      chart,
      host: host.current,
      group,
      session,
      turns: app.turns,
      now: () => app.timing.now(),
    });
    return () => {
      stop();
      chart.close();
    };
  }, [group, session, locale, zone, theme, scheme, app, colours, isCompared]);
  const names = group.series.map(({ label }) => label).join(', ');
  return (
    <section
      class="chart"
      tabIndex={0}
      aria-label={app.language.t('chart.label', { metrics: names })}
      onKeyDown={(event) => moveByKey(event, session)}
    >
      <header class="chart-head" ref={legend}>
        {group.series.map(({ name, label }, index) => (
          <span key={name} class={`chart-key series-${colours[index] ?? 0}`}>
            <i class="chart-swatch" aria-hidden="true" />
            <bdi class="name">{label}</bdi>
            <b class="chart-value" />
            {isCompared && <span class="chart-before" />}
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
  readonly isCompared: boolean;
}): Chart {
  const { host, legend, group, session, colours, app, isCompared } = parts;
  const { language } = app;
  return new Chart({
    host,
    height: heightOf(group),
    colours: readColours(host),
    spec: {
      series: group.series.map(({ label }, index) => ({ label, colour: colours[index] ?? 0 })),
      isBoolean: group.isBoolean,
      isCompared,
      locale: language.region.value,
      zone: language.zone.value,
      formatValue: (value, digits) =>
        group.isBoolean ? language.values.value(value > 0.5).text : language.values.number(value, digits),
    },
    events: {
      zoom: (factor, atMs) => session.zoom(factor, atMs),
      pan: (byMs) => session.pan(byMs),
      returnToLive: () => session.returnToLive(),
      hover: (at) => showHover(legend, group, language, at),
    },
  });
}

function heightOf({ isBoolean }: ChartGroup): number {
  if (isBoolean) return heights.boolean;
  return window.innerWidth >= largeScreenPx ? tallPx : heights.number;
}

/** Writes what is under the crosshair into the legend, past the view library: it moves with the pointer. */
function showHover(
  legend: HTMLElement,
  group: ChartGroup,
  language: Language,
  at: Hovered | undefined,
): void {
  const time = legend.querySelector('.chart-time');
  if (time !== null) time.textContent = at === undefined ? '' : language.timeInYear(at.timeMs);
  const write = (element: Element, index: number, value: number | undefined): void => {
    const shown = group.isBoolean && value !== undefined ? value > 0.5 : value;
    // The unit of all of them stands behind the names.
    const { text } = language.values.value(shown, group.series[index]?.info);
    element.textContent = at === undefined ? '' : text;
  };
  const values = legend.querySelectorAll('.chart-value');
  values.forEach((element, index) => write(element, index, at?.values[index]));
  legend.querySelectorAll('.chart-before').forEach((element, index) => {
    write(element, index, at?.values[values.length + index]);
  });
}

/** What the pointer does, for those who use none. */
function moveByKey(event: KeyboardEvent, session: ChartSession): void {
  const { spanMs } = session.viewport.peek();
  const moves: Partial<Record<string, () => void>> = {
    ArrowLeft: () => session.pan(-spanMs * keyPanShare),
    ArrowRight: () => session.pan(spanMs * keyPanShare),
    '+': () => session.zoomIn(1 / keyZoom),
    '-': () => session.zoomIn(keyZoom),
    Home: () => session.returnToLive(),
  };
  const move = moves[event.key];
  if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  move();
}
