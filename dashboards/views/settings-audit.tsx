/** Who did what, newest first. */
import { useCallback } from 'preact/hooks';
import { useApp } from '../components/context.ts';
import { Failed, Loading } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { useFetched } from '../components/use-fetched.ts';

const refreshMs = 10_000;

export function Audit() {
  const { language, api } = useApp();
  const { item, problem, retry } = useFetched(
    useCallback(() => api.audit(), [api]),
    refreshMs,
  );
  if (item === undefined && problem !== undefined) return <Failed problem={problem} retry={retry} />;
  if (item === undefined) return <Loading text={language.t('settings.loading')} />;
  return (
    <section>
      <h2>{language.t('audit.title')}</h2>
      <table class="table">
        <thead>
          <tr>
            <th>{language.t('command.time')}</th>
            <th>{language.t('audit.action')}</th>
            <th>{language.t('audit.target')}</th>
            <th>{language.t('audit.who')}</th>
            <th>{language.t('audit.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {item.map((entry, index) => (
            <tr key={`${entry.at} ${entry.action} ${entry.target} ${index}`}>
              <td>
                <time dateTime={new Date(entry.at).toISOString()}>{language.time(entry.at)}</time>
              </td>
              <td>
                <Name text={entry.action} class="code" />
              </td>
              <td class="grow">
                {entry.targetName === undefined ? (
                  <Name text={entry.target} class="code" />
                ) : (
                  <Name text={entry.targetName} />
                )}
              </td>
              <td>
                <Name text={entry.principalName ?? entry.principal} />
                {entry.address !== undefined && <Name text={entry.address} class="dim" />}
              </td>
              <td>
                <Name text={language.outcome(entry.outcome)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
