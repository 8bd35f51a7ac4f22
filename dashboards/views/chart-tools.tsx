/** What can be done with the charts of a device: zoom, compare with an earlier time, keep what is seen as a file. */
import { useApp } from '../components/context.ts';
import { download } from '../components/download.ts';
import { Icon } from '../components/icons.tsx';
import { fileNameOf, seenAsCsv, seenAsJson } from '../series/export.ts';
import { infoOf } from '../state/chart-groups.ts';
import type { ChartSession } from '../state/chart-session.ts';
import { periodNames } from '../state/compared-period.ts';
import type { DeviceState } from '../state/registry.ts';
import { edgesOf } from '../state/viewport.ts';
import { ExportButton } from './export-dialog.tsx';

const zoomStep = 2;

export function ChartTools({
  state,
  session,
}: {
  readonly state: DeviceState;
  readonly session: ChartSession;
}) {
  const { language } = useApp();
  const choice = session.compared.choice.value;
  return (
    <div class="chart-tools">
      <label class="field">
        <span>{language.t('chart.compare')}</span>
        <select
          value={choice ?? ''}
          onChange={({ currentTarget: { value } }) =>
            session.compared.choose(periodNames.find((name) => name === value))
          }
        >
          <option value="">{language.t('chart.compare.none')}</option>
          {periodNames.map((name) => (
            <option key={name} value={name}>
              {language.t(`chart.compare.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <span class="button-group">
        <Zoom session={session} factor={zoomStep} />
        <Zoom session={session} factor={1 / zoomStep} />
      </span>
      <Export state={state} session={session} />
    </div>
  );
}

function Zoom({ session, factor }: { readonly session: ChartSession; readonly factor: number }) {
  const { language } = useApp();
  const label = language.t(factor > 1 ? 'chart.zoomOut' : 'chart.zoomIn');
  return (
    <button
      type="button"
      class="icon-button"
      title={label}
      aria-label={label}
      onClick={() => session.zoomIn(factor)}
    >
      <Icon name={factor > 1 ? 'minus' : 'plus'} />
    </button>
  );
}

function Export({ state, session }: { readonly state: DeviceState; readonly session: ChartSession }) {
  const { language, timing } = useApp();
  const keep = (ending: 'csv' | 'json'): void => {
    const edges = edgesOf(session.viewport.peek(), timing.now());
    const info = state.info.peek();
    const series = session.series
      .peek()
      .flatMap((name) => session.find(name) ?? [])
      .map((one) => ({ ...one, unit: infoOf(info, one.metric).unit }));
    const seen = { group: state.group, edges, series };
    const name = fileNameOf(state.device, edges.start, ending);
    const [text, type] =
      ending === 'csv' ? [seenAsCsv(seen), 'text/csv'] : [seenAsJson(seen), 'application/json'];
    download(name, new Blob([text], { type }));
  };
  return (
    <span class="button-group">
      {(['csv', 'json'] as const).map((ending) => (
        <button
          key={ending}
          type="button"
          class="button small"
          title={language.t('chart.export', { format: ending.toUpperCase() })}
          onClick={() => keep(ending)}
        >
          <Icon name="download" />
          {ending.toUpperCase()}
        </button>
      ))}
      <ExportButton devices={() => [state.info.peek()]} group={state.group} device={state.device} />
    </span>
  );
}
