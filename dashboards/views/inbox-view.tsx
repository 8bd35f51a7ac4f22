/** What nothing mapped: a list to look at. */
import { useCallback } from 'preact/hooks';
import type { InboxEntry } from '../api/hub-api.ts';
import { useApp } from '../components/context.ts';
import { Denied, Failed, Loading, Message } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { useFetched } from '../components/use-fetched.ts';

const refreshMs = 5000;
const payloadChars = 400;

export function InboxView() {
  const { session } = useApp();
  return session.may('inbox:read') ? <Inbox /> : <Denied />;
}

function Inbox() {
  const { language, api } = useApp();
  const {
    item: entries,
    problem,
    retry,
  } = useFetched(
    useCallback(() => api.inbox(), [api]),
    refreshMs,
  );
  if (problem?.status === 403) return <Denied />;
  if (entries === undefined && problem !== undefined) return <Failed why={problem.message} retry={retry} />;
  if (entries === undefined) return <Loading text={language.t('overview.loading')} />;
  return (
    <>
      <h1>{language.t('inbox.title')}</h1>
      <p class="lead">{language.t('inbox.lead')}</p>
      {entries.length === 0 ? (
        <Message title={language.t('inbox.none')} mood="good" />
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th>{language.t('inbox.topic')}</th>
              <th>{language.t('inbox.payload')}</th>
              <th>{language.t('inbox.why')}</th>
              <th class="number">{language.t('inbox.count')}</th>
              <th>{language.t('inbox.last')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <InboxRow key={entry.topic} entry={entry} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function InboxRow({ entry }: { readonly entry: InboxEntry }) {
  const { language, now } = useApp();
  return (
    <tr>
      <td class="grow">
        <Name text={entry.topic} class="code" />
      </td>
      <td class="grow">
        <Name text={payloadText(entry)} class="code dim" />
      </td>
      <td class="grow">
        <Name text={entry.why} />
      </td>
      <td class="number">{language.values.number(entry.count, 0)}</td>
      <td>
        <time dateTime={new Date(entry.lastSeen).toISOString()} title={language.time(entry.lastSeen)}>
          {language.age(now.value - entry.lastSeen)}
        </time>
      </td>
    </tr>
  );
}

function payloadText({ payload, encoding }: InboxEntry): string {
  const text = payload.slice(0, payloadChars);
  return encoding === 'base64' ? `base64: ${text}` : text;
}
