/** Hosts one chart: gives it a place, a legend and colours; its data never passes through here as state. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Chart } from '../charts/chart.ts';
import { readColours } from '../charts/colours.ts';
import { distinctColours } from '../charts/palette.ts';
import { unitText } from '../format/unit.ts';
import { toColumns } from '../series/columns.ts';
import type { ChartGroup } from '../state/chart-groups.ts';
import type { ChartSession } from '../state/chart-session.ts';
import { edgesOf } from '../state/viewport.ts';
import { useApp } from './context.ts';

const heights = { number: 200, boolean: 96 } as const;
/** New data is drawn at most this often; without any, time alone moves the picture once a second. */
const drawMs = 250;
const flowMs = 1000;

export function ChartPanel({
  group,
  session,
}: {
  readonly group: ChartGroup;
  readonly session: ChartSession;
}) {
  const app = useApp();
  const host = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  const values = useRef<(HTMLElement | null)[]>([]);
  const locale = app.language.region.value;
  const theme = app.preferences.theme.value;
  const scheme = app.schemeChanges.value;
  const colours = useMemo(
    () => distinctColours(group.series.map(({ info }) => ({ metric: info.metric, class: info.class }))),
    [group],
  );
  useEffect(() => {
    if (host.current === null) return;
    const chart = new Chart({
      host: host.current,
      height: heights[group.isBoolean ? 'boolean' : 'number'],
      colours: readColours(host.current),
      spec: {
        series: group.series.map(({ label }, index) => ({ label, colour: colours[index] ?? 0 })),
        isBoolean: group.isBoolean,
        locale,
        formatValue: (value) =>
          group.isBoolean ? app.language.values.value(value > 0.5).text : app.language.values.number(value),
      },
      events: {
        zoom: (factor, atMs) => session.zoom(factor, atMs),
        pan: (byMs) => session.pan(byMs),
        returnToLive: () => session.returnToLive(),
        hover: (at) => showHover(at),
      },
    });
    const showHover = (at: { timeMs: number; values: readonly (number | undefined)[] } | undefined): void => {
      if (readout.current !== null)
        readout.current.textContent = at === undefined ? '' : app.language.time(at.timeMs);
      group.series.forEach(({ info }, index) => {
        const element = values.current[index];
        const value = at?.values[index];
        const shown = group.isBoolean && value !== undefined ? value > 0.5 : value;
        const text = at === undefined ? undefined : app.language.values.value(shown, info);
        if (element) element.textContent = text === undefined ? '' : `${text.text} ${text.unit}`;
      });
    };
    const stop = keepDrawn(chart, group, session, () => app.timing.now());
    return () => {
      stop();
      chart.close();
    };
  }, [group, session, locale, theme, scheme, app, colours]);
  const names = group.series.map(({ label }) => label).join(', ');
  return (
    <section class="chart" aria-label={app.language.t('chart.label', { metrics: names })}>
      <header class="chart-head">
        {group.series.map(({ name, label }, index) => (
          <span key={name} class={`chart-key series-${colours[index] ?? 0}`}>
            <i class="chart-swatch" aria-hidden="true" />
            <bdi class="name">{label}</bdi>
            <b class="chart-value" ref={(element) => void (values.current[index] = element)} />
          </span>
        ))}
        <span class="chart-unit">{unitText(group.unit)}</span>
        <span class="chart-time" ref={readout} />
      </header>
      <div class="chart-host" ref={host} />
    </section>
  );
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
