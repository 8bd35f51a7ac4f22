/** The charts of a device: one per unit, one for each thing that is on or off. */
import { useMemo } from 'preact/hooks';
import { ChartPanel } from '../components/chart-panel.tsx';
import { useApp } from '../components/context.ts';
import { groupSeries } from '../state/chart-groups.ts';
import type { ChartSession } from '../state/chart-session.ts';
import { seriesName } from '../state/registry.ts';
import type { DeviceState } from '../state/registry.ts';
import { edgesOf } from '../state/viewport.ts';
import { ChartTools } from './chart-tools.tsx';

/** History that begins later than this share of the view is told to be partial. */
const partialShare = 0.05;

export function DeviceCharts(props: {
  readonly state: DeviceState;
  readonly session: ChartSession;
  readonly hidden: ReadonlySet<string>;
}) {
  const { language } = useApp();
  const { state, session, hidden } = props;
  const info = state.info.value;
  const names = session.series.value;
  const groups = useMemo(() => {
    const drawn = names
      .map((name) => session.find(name))
      .filter((series) => series !== undefined)
      .filter(({ metric, tags }) => !hidden.has(seriesName(metric, tags)))
      .map(({ key, metric, tags }) => ({ name: key, metric, tags }));
    return groupSeries(
      info,
      drawn,
      (metric, tags) => typeof state.latest(metric, tags).peek()?.value === 'boolean',
    );
  }, [names, hidden, info.metrics, session, state]);
  const { code, message } = session.failure.value;
  return (
    <section class={groups.length === 1 ? 'panel charts charts-single' : 'panel charts'}>
      <ChartTools state={state} session={session} />
      <Partial session={session} />
      {groups.map((group) => (
        <ChartPanel key={group.key} group={group} session={session} />
      ))}
      {groups.length === 0 && <Nothing session={session} />}
      {session.state.value === 'failed' && (
        <p class="hint">{language.t('device.historyFailed', { why: language.reason(code, message) })}</p>
      )}
    </section>
  );
}

/** Says where history begins, when that is inside of what is shown. */
function Partial({ session }: { readonly session: ChartSession }) {
  const { language, timing } = useApp();
  const viewport = session.viewport.value;
  const begins = session.begins.value;
  if (begins === undefined || session.state.value !== 'ready') return null;
  const { start } = edgesOf(viewport, timing.now());
  if (begins - start < viewport.spanMs * partialShare) return null;
  return <p class="hint">{language.t('device.begins', { time: language.time(begins) })}</p>;
}

function Nothing({ session }: { readonly session: ChartSession }) {
  const { language } = useApp();
  const isLoading = session.state.value === 'loading';
  return (
    <p class="charts-empty" role="status">
      {language.t(isLoading ? 'device.loadingCharts' : 'device.noCharts')}
    </p>
  );
}
