/** What can never be accepted as it is: looked at, offered again once the cause is mended, taken out, or purged. */
import { useCallback, useRef, useState } from 'preact/hooks';
import { quarantineExport } from '../api/hub-api.ts';
import type { QuarantineEntry } from '../api/hub-api.ts';
import { ActButton } from '../components/act-button.tsx';
import { Choice } from '../components/choice.tsx';
import { useApp } from '../components/context.ts';
import { Failed, Loading } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { useFetched } from '../components/use-fetched.ts';
import { payloadText } from '../format/text.ts';
import { runQuarantine } from '../state/quarantine-run.ts';
import type { QuarantineOrder, QuarantineProgress } from '../state/quarantine-run.ts';
import { quarantineWords } from '../state/quarantine-words.ts';
import type { Told } from '../state/works.ts';

const refreshMs = 5000;
const rowsShown = 50;

export function QuarantineList() {
  const { language, api, session, works } = useApp();
  const [code, setCode] = useState('');
  const { item, problem, retry } = useFetched(
    useCallback(() => api.quarantine({ limit: rowsShown, ...(code === '' ? {} : { code }) }), [api, code]),
    refreshMs,
  );
  const start = useRun(retry);
  const codes = useCodes(item?.items);
  const mayChange = session.may('inbox:write') && !works.isRunning('quarantine');
  const chosen = code === '' ? {} : { code };
  return (
    <section class="quarantine">
      <h2>{language.t('quarantine.title')}</h2>
      <p class="hint">{language.t('quarantine.lead')}</p>
      {item === undefined && problem !== undefined && <Failed problem={problem} retry={retry} />}
      {item === undefined && problem === undefined && <Loading text={language.t('settings.loading')} />}
      {item?.total === 0 && <p>{language.t('quarantine.none')}</p>}
      {item !== undefined && item.total > 0 && (
        <>
          <div class="form-acts">
            <Choice
              label={language.t('quarantine.reason')}
              value={code}
              options={[['', language.t('quarantine.all')], ...codes.map((one) => [one, one] as const)]}
              choose={setCode}
            />
            <button
              type="button"
              class="button"
              disabled={!mayChange}
              onClick={() => start({ work: 'replay', ...chosen })}
            >
              {language.t('quarantine.replayAll')}
            </button>
            <ActButton
              class="button"
              dangerous
              disabled={!mayChange}
              act={() => start({ work: 'purge', ...chosen })}
            >
              {language.t('quarantine.purgeAll')}
            </ActButton>
            <a class="button" href={quarantineExport} download="quarantine.ndjson">
              {language.t('quarantine.export')}
            </a>
          </div>
          <p class="dim">
            {language.t('quarantine.shown', {
              shown: language.values.number(item.items.length, 0),
              total: language.values.number(item.total, 0),
            })}
          </p>
          <Rows rows={item.items} mayChange={mayChange} start={start} />
        </>
      )}
    </section>
  );
}

/** Every reason seen so far, so that choosing one does not take the others off the list. */
function useCodes(rows: readonly QuarantineEntry[] | undefined): readonly string[] {
  const seen = useRef(new Set<string>());
  for (const { code } of rows ?? []) seen.current.add(code);
  return [...seen.current].toSorted();
}

function useRun(done: () => void): (order: QuarantineOrder) => void {
  const { api, works } = useApp();
  const run = async (order: QuarantineOrder): Promise<void> => {
    await works.run({
      kind: 'quarantine',
      title: (language) => language.t(`quarantine.${order.work}Work`),
      job: (tell, signal) => runQuarantine(api, order, (progress) => tell(toldOf(progress)), signal),
    });
    done();
  };
  return (order) => void run(order);
}

function toldOf(progress: QuarantineProgress): Told {
  const { done, total } = progress;
  return { done: total && done / total, words: (language) => quarantineWords(language, progress) };
}

function Rows(props: {
  readonly rows: readonly QuarantineEntry[];
  readonly mayChange: boolean;
  readonly start: (order: QuarantineOrder) => void;
}) {
  const { language, now } = useApp();
  return (
    <table class="table">
      <thead>
        <tr>
          <th>{language.t('quarantine.reason')}</th>
          <th>{language.t('inbox.topic')}</th>
          <th>{language.t('quarantine.payload')}</th>
          <th>{language.t('quarantine.at')}</th>
          <th>
            <span class="unseen">{language.t('quarantine.acts')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.id}>
            <td class="grow">
              <Name text={language.reason(row.code, row.message)} class="lines" />
              <Name text={row.code} class="code dim" />
            </td>
            <td class="grow">
              <Name text={row.source.topic ?? row.source.edge} class="code" />
              <Name text={row.source.principalName ?? row.source.principal} class="dim" />
            </td>
            <td class="grow">
              <Name text={payloadText(row)} class="code dim" />
            </td>
            <td>
              <time dateTime={new Date(row.at).toISOString()} title={language.time(row.at)}>
                {language.age(now.value - row.at)}
              </time>
            </td>
            <td class="number">
              <span class="button-group">
                <RowButton {...props} row={row} work="replay" />
                <RowButton {...props} row={row} work="purge" />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RowButton(props: {
  readonly row: QuarantineEntry;
  readonly work: QuarantineOrder['work'];
  readonly mayChange: boolean;
  readonly start: (order: QuarantineOrder) => void;
}) {
  const { language } = useApp();
  const { row, work, mayChange, start } = props;
  const label = language.t(`quarantine.${work}`);
  return (
    <ActButton
      class="button small"
      aria-label={`${label}: ${row.id}`}
      disabled={!mayChange}
      dangerous={work === 'purge'}
      act={() => start({ work, ids: [row.id] })}
    >
      {label}
    </ActButton>
  );
}
