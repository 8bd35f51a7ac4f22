/** Tokens: made with their secret shown once, listed without, revoked by holding. */
import { useCallback, useState } from 'preact/hooks';
import type { TokenInfo } from '#contract/access.ts';
import { ActButton } from '../components/act-button.tsx';
import { useApp } from '../components/context.ts';
import { CopyBlock } from '../components/copy-block.tsx';
import { Failed, Loading } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { Trouble, useAct } from '../components/use-act.tsx';
import { useFetched } from '../components/use-fetched.ts';
import { TokenForm } from './token-form.tsx';

const refreshMs = 10_000;

export function Tokens() {
  const { language, api } = useApp();
  const [made, setMade] = useState<{ readonly name: string; readonly secret: string } | undefined>(undefined);
  const { act: attempt, trouble } = useAct();
  const { item, problem, retry } = useFetched(
    useCallback(() => api.tokens(), [api]),
    refreshMs,
  );
  const act = async (work: () => Promise<void>): Promise<void> => {
    if (await attempt(work)) retry();
  };
  return (
    <section class="panel tokens">
      <h2>{language.t('tokens.title')}</h2>
      <TokenForm
        make={(grant) =>
          act(async () => setMade({ name: grant.name, secret: (await api.makeToken(grant)).secret }))
        }
      />
      <Trouble text={trouble} />
      {made !== undefined && (
        <CopyBlock title={language.t('tokens.secret', { name: made.name })} text={made.secret} />
      )}
      {item === undefined && problem !== undefined && <Failed problem={problem} retry={retry} />}
      {item === undefined && problem === undefined && <Loading text={language.t('settings.loading')} />}
      {item !== undefined && (
        <TokenTable tokens={item} revoke={(id) => void act(() => api.revokeToken(id))} />
      )}
    </section>
  );
}

function TokenTable(props: { readonly tokens: readonly TokenInfo[]; readonly revoke: (id: string) => void }) {
  const { language, now } = useApp();
  const live = props.tokens.filter(
    ({ revokedAt, expiresAt }) => revokedAt === undefined && (expiresAt ?? Infinity) > now.value,
  );
  return (
    <table class="table">
      <thead>
        <tr>
          <th>{language.t('tokens.name')}</th>
          <th>{language.t('tokens.role')}</th>
          <th>{language.t('tokens.groups')}</th>
          <th>{language.t('tokens.used')}</th>
          <th>{language.t('tokens.expires')}</th>
          <th>
            <span class="unseen">{language.t('tokens.revoke')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {live.map((token) => (
          <TokenRow key={token.id} token={token} revoke={() => props.revoke(token.id)} />
        ))}
      </tbody>
    </table>
  );
}

function TokenRow({ token, revoke }: { readonly token: TokenInfo; readonly revoke: () => void }) {
  const { language, now } = useApp();
  const { name, role, groups, device, lastUsedAt, expiresAt } = token;
  const where = groups === '*' ? language.t('tokens.allGroups') : groups.join(', ');
  return (
    <tr>
      <td class="grow">
        <Name text={name} />
        <Name text={token.id} class="code dim" />
      </td>
      <td>{language.t(`role.${role}`)}</td>
      <td class="grow">
        <Name text={device === undefined ? where : `${where} / ${device}`} />
      </td>
      <td data-label={language.t('tokens.used')}>
        {lastUsedAt === undefined ? language.t('tokens.never') : language.age(now.value - lastUsedAt)}
      </td>
      <td data-label={language.t('tokens.expires')}>
        {expiresAt === undefined ? language.t('tokens.never') : language.time(expiresAt)}
      </td>
      <td class="number">
        <ActButton
          class="button small"
          aria-label={`${language.t('tokens.revoke')}: ${name}`}
          dangerous
          act={revoke}
        >
          {language.t('tokens.revoke')}
        </ActButton>
      </td>
    </tr>
  );
}
