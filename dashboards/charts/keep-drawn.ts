/** Keeps one chart up to date: when something changed or time went on, only while it can be seen, and in its turn. */
import { toColumns } from '../series/columns.ts';
import type { ChartGroup } from '../state/chart-groups.ts';
import type { ChartSession } from '../state/chart-session.ts';
import type { Turns } from '../state/turns.ts';
import { edgesOf } from '../state/viewport.ts';
import type { Chart } from './chart.ts';

const checkMs = 250;
/** New data moves a picture by less than a pixel when the view is wide: then once a second is enough. */
const slowestMs = 1000;
const fewestPoints = 200;

export interface Drawn {
  readonly chart: Chart;
  readonly host: HTMLElement;
  readonly group: ChartGroup;
  readonly session: ChartSession;
  readonly turns: Turns;
  /** Epoch ms. */
  readonly now: () => number;
}

/** @returns what ends it */
export function keepDrawn({ chart, host, group, session, turns, now }: Drawn): () => void {
  let drawnChanges = -1;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isSeen = true;
  const draw = (): void => {
    drawnChanges = session.changes;
    drawnAt = performance.now();
    const edges = edgesOf(session.viewport.peek(), now());
    const rings = group.series.flatMap(({ name }) => session.find(name)?.ring ?? []);
    if (rings.length !== group.series.length) return;
    const before = group.series.map(({ name }) => session.compared.find(name)?.ring);
    const shown = session.compared.choice.peek() === undefined ? rings : [...rings, ...before];
    chart.draw(toColumns(shown, edges, Math.max(fewestPoints, host.clientWidth)), edges);
  };
  const check = (): void => {
    const { endMs, spanMs } = session.viewport.peek();
    const isLive = endMs === undefined;
    const restMs = isLive ? Math.min(slowestMs, spanMs / Math.max(1, host.clientWidth)) : 0;
    const passedMs = performance.now() - drawnAt;
    const isDue = session.changes !== drawnChanges ? passedMs >= restMs : isLive && passedMs >= slowestMs;
    if (isSeen && isDue) turns.ask(draw, 'chart');
  };
  const seen = new IntersectionObserver(([entry]) => {
    isSeen = entry?.isIntersecting ?? true;
    if (isSeen) turns.ask(draw, 'chart');
  });
  seen.observe(host);
  const timer = setInterval(check, checkMs);
  const drawSoon = (): void => turns.ask(draw, 'chart');
  const ends = [session.viewport.subscribe(drawSoon), session.fills.subscribe(drawSoon)];
  return () => {
    clearInterval(timer);
    seen.disconnect();
    turns.forget(draw);
    for (const end of ends) end();
  };
}
