/** What nothing mapped: a list to look at, to map from, or to dismiss. */
import { useCallback, useState } from 'preact/hooks';
import type { InboxEntry, MappingDraft } from '#contract/mapping.ts';
import { useApp } from '../components/context.ts';
import { Denied, Failed, Loading } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { useFetched } from '../components/use-fetched.ts';
import { draftOf } from '../format/mapping-draft.ts';
import { payloadText } from '../format/text.ts';
import { HiddenDevices } from './hidden-devices.tsx';
import { MappingForm } from './mapping-form.tsx';
import { MappingsList } from './mappings-list.tsx';
import { QuarantineList } from './quarantine-list.tsx';

const refreshMs = 5000;

export function InboxView() {
  const { session } = useApp();
  return session.may('inbox:read') ? <Inbox /> : <Denied />;
}

function Inbox() {
  const { language, api, session } = useApp();
  const {
    item: inbox,
    problem,
    retry,
  } = useFetched(
    useCallback(() => api.inbox(), [api]),
    refreshMs,
  );
  const [draft, setDraft] = useState<MappingDraft | undefined>(undefined);
  const [news, setNews] = useState('');
  const done = (taken: string): void => {
    setDraft(undefined);
    setNews(taken);
    retry();
  };
  if (problem?.status === 403) return <Denied />;
  if (inbox === undefined && problem !== undefined) return <Failed problem={problem} retry={retry} />;
  if (inbox === undefined) return <Loading text={language.t('overview.loading')} />;
  return (
    <>
      <h1>{language.t('inbox.title')}</h1>
      {session.may('device:manage') && <HiddenDevices why="waiting" />}
      <header>
        <h2>{language.t('inbox.topics')}</h2>
        <p class="hint">{language.t('inbox.lead')}</p>
      </header>
      <p class="news" role="status">
        {news}
      </p>
      {draft !== undefined && (
        <MappingForm key={draft.name} draft={draft} done={done} cancel={() => setDraft(undefined)} />
      )}
      {inbox.items.length === 0 ? (
        <p class="lead">{language.t('inbox.none')}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th>{language.t('inbox.topic')}</th>
              <th>{language.t('inbox.payload')}</th>
              <th>{language.t('inbox.why')}</th>
              <th class="number">{language.t('inbox.count')}</th>
              <th>{language.t('inbox.last')}</th>
              <th>
                <span class="unseen">{language.t('inbox.map')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {inbox.items.map((entry) => (
              <InboxRow
                key={entry.topic}
                entry={entry}
                map={() => setDraft(draftOf(entry.topic, entry.encoding === 'utf8' ? entry.payload : ''))}
                dismiss={() => void api.dismiss(entry.topic).then(retry)}
              />
            ))}
          </tbody>
        </table>
      )}
      {inbox.hasMore && <p class="hint">{language.t('inbox.more', { count: inbox.items.length })}</p>}
      <QuarantineList />
      <MappingsList />
    </>
  );
}

function InboxRow(props: {
  readonly entry: InboxEntry;
  readonly map: () => void;
  readonly dismiss: () => void;
}) {
  const { language, now, session } = useApp();
  const { entry, map, dismiss } = props;
  const may = session.may('inbox:write');
  return (
    <tr>
      <td class="grow">
        <Name text={entry.topic} class="code" />
      </td>
      <td class="grow">
        <Name text={payloadText(entry)} class="code dim" />
      </td>
      <td class="grow">
        <Name text={language.said(entry.why)} class="lines" />
      </td>
      <td class="number" data-label={language.t('inbox.count')}>
        {language.values.number(entry.count, 0)}
      </td>
      <td>
        <time dateTime={new Date(entry.lastSeen).toISOString()} title={language.time(entry.lastSeen)}>
          {language.age(now.value - entry.lastSeen)}
        </time>
      </td>
      <td class="number">
        <span class="button-group">
          <button type="button" class="button small" disabled={!may} onClick={map}>
            {language.t('inbox.map')}
          </button>
          <button type="button" class="button small" disabled={!may} onClick={dismiss}>
            {language.t('inbox.dismiss')}
          </button>
        </span>
      </td>
    </tr>
  );
}
