/** Tokens: made with their secret shown once, listed without, edited, revoked by holding. */
import { useCallback, useState } from 'preact/hooks';
import type { TokenInfo } from '#contract/access.ts';
import { ActButton } from '../components/act-button.tsx';
import { useApp } from '../components/context.ts';
import { CopyBlock } from '../components/copy-block.tsx';
import { Failed, Loading } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { Trouble, useAct } from '../components/use-act.tsx';
import { useFetched } from '../components/use-fetched.ts';
import { grantOf } from '../format/token-draft.ts';
import { TokenEdit } from './token-edit.tsx';
import { TokenForm } from './token-form.tsx';

const refreshMs = 10_000;

export function Tokens() {
  const { language, api, timing } = useApp();
  const [edited, setEdited] = useState<TokenInfo | undefined>(undefined);
  const [made, setMade] = useState<{ readonly name: string; readonly secret: string } | undefined>(undefined);
  const { act: attempt, trouble } = useAct();
  const { item, problem, retry } = useFetched(
    useCallback(() => api.tokens(), [api]),
    refreshMs,
  );
  const act = async (work: () => Promise<void>): Promise<boolean> => {
    const isDone = await attempt(work);
    if (isDone) retry();
    return isDone;
  };
  return (
    <section class="panel tokens">
      <h2>{language.t('tokens.title')}</h2>
      <TokenForm
        send={(draft) =>
          act(async () => {
            const grant = grantOf(draft, timing.now());
            setMade({ name: grant.name, secret: (await api.makeToken(grant)).secret });
          })
        }
      />
      <Trouble text={trouble} />
      {made !== undefined && (
        <CopyBlock title={language.t('tokens.secret', { name: made.name })} text={made.secret} />
      )}
      {item === undefined && problem !== undefined && <Failed problem={problem} retry={retry} />}
      {item === undefined && problem === undefined && <Loading text={language.t('settings.loading')} />}
      {item !== undefined && (
        <TokenTable tokens={item} edit={setEdited} revoke={(id) => void act(() => api.revokeToken(id))} />
      )}
      {edited !== undefined && (
        <TokenEdit key={edited.id} token={edited} close={() => setEdited(undefined)} changed={retry} />
      )}
    </section>
  );
}

function TokenTable(props: {
  readonly tokens: readonly TokenInfo[];
  readonly edit: (token: TokenInfo) => void;
  readonly revoke: (id: string) => void;
}) {
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
            <span class="unseen">{language.t('groups.acts')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {live.map((token) => (
          <TokenRow
            key={token.id}
            token={token}
            edit={() => props.edit(token)}
            revoke={() => props.revoke(token.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

function TokenRow(props: {
  readonly token: TokenInfo;
  readonly edit: () => void;
  readonly revoke: () => void;
}) {
  const { language, now } = useApp();
  const { token, edit, revoke } = props;
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
        <span class="button-group">
          <button
            type="button"
            class="button small"
            aria-label={`${language.t('tokens.edit')}: ${name}`}
            onClick={edit}
          >
            {language.t('tokens.edit')}
          </button>
          <ActButton
            class="button small"
            aria-label={`${language.t('tokens.revoke')}: ${name}`}
            dangerous
            act={revoke}
          >
            {language.t('tokens.revoke')}
          </ActButton>
        </span>
      </td>
    </tr>
  );
}
