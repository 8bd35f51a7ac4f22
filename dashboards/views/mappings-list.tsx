/** The mappings that people made. */
import { useCallback } from 'preact/hooks';
import { ActButton } from '../components/act-button.tsx';
import { useApp } from '../components/context.ts';
import { Name } from '../components/name.tsx';
import { useFetched } from '../components/use-fetched.ts';

const refreshMs = 5000;

export function MappingsList() {
  const { language, api, session } = useApp();
  const { item: mappings, retry } = useFetched(
    useCallback(() => api.mappings(), [api]),
    refreshMs,
  );
  if (mappings === undefined || mappings.length === 0) return null;
  return (
    <section>
      <h2>{language.t('mapping.list')}</h2>
      <table class="table">
        <thead>
          <tr>
            <th>{language.t('mapping.name')}</th>
            <th>{language.t('mapping.topic')}</th>
            <th>{language.t('mapping.device')}</th>
            <th>{language.t('mapping.by')}</th>
            <th>
              <span class="unseen">{language.t('mapping.delete')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {mappings.map(({ id, name, topic, group, device, changedBy }) => (
            <tr key={id}>
              <td class="grow">
                <Name text={name} />
              </td>
              <td class="grow">
                <Name text={topic} class="code" />
              </td>
              <td>
                <Name text={`${group} / ${device}`} />
              </td>
              <td>
                <Name text={changedBy} class="dim" />
              </td>
              <td class="number">
                <ActButton
                  class="button small"
                  aria-label={`${language.t('mapping.delete')}: ${name}`}
                  disabled={!session.may('inbox:write')}
                  dangerous
                  act={() => void api.deleteMapping(id).then(retry)}
                >
                  {language.t('mapping.delete')}
                </ActButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
