/** Places a sparkline: draws it when its ring has changed, at most every few seconds, and only while it can be seen. */
import { useEffect, useRef } from 'preact/hooks';
import type { MetricInfo } from '#contract/device.ts';
import { colourIndex } from '../charts/palette.ts';
import { faded } from '../charts/colours.ts';
import { drawSparkline } from '../charts/sparkline.ts';
import { sparkSpanMs } from '../state/sparklines.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';

const redrawMs = 2000;

export function Sparkline({ state, info }: { readonly state: DeviceState; readonly info: MetricInfo }) {
  const app = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const live = app.live.value;
  const theme = app.preferences.theme.value;
  useEffect(() => {
    const element = canvas.current;
    if (element === null || live === undefined) return;
    let drawn = '';
    let isSeen = false;
    const draw = (): void => {
      const ring = live.sparklines.ring(state.group, state.device, info.metric);
      const end = app.timing.now();
      const version = `${ring?.version ?? 'none'} ${Math.floor(end / 60_000)} ${element.clientWidth}`;
      if (!isSeen || version === drawn) return;
      drawn = version;
      const line = getComputedStyle(element).color;
      drawSparkline(element, ring, { start: end - sparkSpanMs, end }, { line, fill: faded(line, 0.14) });
    };
    const seen = new IntersectionObserver(([entry]) => {
      isSeen = entry?.isIntersecting ?? false;
      draw();
    });
    seen.observe(element);
    const timer = setInterval(draw, redrawMs);
    const unfollow = live.sparklines.loads.subscribe(draw);
    return () => {
      clearInterval(timer);
      unfollow();
      seen.disconnect();
    };
  }, [live, state, info.metric, theme, app]);
  const label = app.language.t('spark.label', { metric: info.title ?? info.metric });
  return (
    <canvas
      ref={canvas}
      class={`spark series-${colourIndex(info.metric, info.class)}`}
      role="img"
      aria-label={label}
    />
  );
}
