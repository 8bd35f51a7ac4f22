/** Places a sparkline: draws it in its turn when its ring has changed, at most every few seconds. */
import { useEffect, useRef } from 'preact/hooks';
import type { MetricInfo } from '#contract/device.ts';
import { colourIndex } from '../charts/palette.ts';
import { sparkPaths, sparkSize } from '../charts/sparkline.ts';
import { sparkSpanMs } from '../state/sparklines.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';

/** A minute is a pixel or two: its mean moves slowly. */
const redrawMs = 5000;

export function Sparkline({ state, info }: { readonly state: DeviceState; readonly info: MetricInfo }) {
  const { live, language, timing, turns, now } = useApp();
  const host = useRef<SVGSVGElement>(null);
  const sparklines = live.value?.sparklines;
  useEffect(() => {
    const [area, line] = host.current?.children ?? [];
    if (host.current === null || sparklines === undefined) return;
    let drawn = '';
    let drawnAt = Number.NEGATIVE_INFINITY;
    const ringNow = () => sparklines.ring(state.group, state.device, info.metric);
    const version = (): string => `${ringNow()?.version ?? 'none'} ${Math.floor(timing.now() / 60_000)}`;
    const draw = (): void => {
      const end = timing.now();
      drawn = version();
      drawnAt = end;
      const paths = sparkPaths(ringNow(), { start: end - sparkSpanMs, end });
      area?.setAttribute('d', paths.area);
      line?.setAttribute('d', paths.line);
    };
    const drawSoon = (): void => {
      if (version() !== drawn) turns.ask(draw, 'curve');
    };
    const ends = [
      sparklines.loads.subscribe(drawSoon),
      now.subscribe((nowMs) => {
        if (nowMs - drawnAt >= redrawMs) drawSoon();
      }),
    ];
    return () => {
      for (const end of ends) end();
      turns.forget(draw);
    };
  }, [sparklines, state, info.metric, timing, turns, now]);
  return (
    <svg
      ref={host}
      class={`spark series-${colourIndex(info.metric, info.class)}`}
      viewBox={`0 0 ${sparkSize.width} ${sparkSize.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={language.t('spark.label', { metric: info.title ?? info.metric })}
    >
      <path class="spark-area" />
      <path class="spark-line" />
    </svg>
  );
}
