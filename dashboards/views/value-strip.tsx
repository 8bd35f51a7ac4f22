/** The newest value of every series of a device; each shows or hides its curve. */
import type { Tags } from '#contract/reading.ts';
import { useApp } from '../components/context.ts';
import { LiveValue } from '../components/value.tsx';
import { colourIndex } from '../charts/palette.ts';
import { infoOf, labelOf } from '../state/chart-groups.ts';
import { seriesName } from '../state/registry.ts';
import type { DeviceState } from '../state/registry.ts';

const valuesShown = 60;

export function ValueStrip(props: {
  readonly state: DeviceState;
  readonly hidden: ReadonlySet<string>;
  readonly toggle: (name: string) => void;
}) {
  const { language } = useApp();
  const { state, hidden, toggle } = props;
  const info = state.info.value;
  const order = new Map(info.metrics.map(({ metric }, index) => [metric, index]));
  const entries = entriesOf(
    info.metrics.map(({ metric }) => metric),
    state.series.value,
  )
    .toSorted((a, b) => (order.get(a.metric) ?? 999) - (order.get(b.metric) ?? 999))
    .slice(0, valuesShown);
  if (entries.length === 0) return null;
  return (
    <div class="strip" role="group" aria-label={language.t('device.values')}>
      {entries.map(({ metric, tags }) => {
        const name = seriesName(metric, tags);
        const metricInfo = infoOf(info, metric);
        const label = labelOf(metricInfo, tags);
        return (
          <button
            key={name}
            type="button"
            class={`strip-item series-${colourIndex(metric, metricInfo.class)}`}
            aria-pressed={!hidden.has(name)}
            title={language.t('device.show', { metric: label })}
            onClick={() => toggle(name)}
          >
            <LiveValue state={state} info={metricInfo} tags={tags} />
            <bdi class="strip-label name">{label}</bdi>
          </button>
        );
      })}
    </div>
  );
}

/** Every series that has sent something; metrics that are only described stand in until they do. */
function entriesOf(
  described: readonly string[],
  heard: readonly string[],
): { readonly metric: string; readonly tags: Tags | undefined }[] {
  const series = heard.map((name) => parseSeriesName(name));
  const missing = described.filter((metric) => !series.some((entry) => entry.metric === metric));
  return [...series, ...missing.map((metric) => ({ metric, tags: undefined }))];
}

/** The inverse of `seriesName`. */
function parseSeriesName(name: string): { readonly metric: string; readonly tags: Tags | undefined } {
  const mark = name.indexOf('?');
  if (mark === -1) return { metric: name, tags: undefined };
  const pairs = name
    .slice(mark + 1)
    .split(',')
    .map((pair) => pair.split('=').map(decodeURIComponent));
  return { metric: name.slice(0, mark), tags: Object.fromEntries(pairs) as Tags };
}
