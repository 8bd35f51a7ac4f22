/** What a token opens: of a new one, and of one that is edited. */
import { useState } from 'preact/hooks';
import { roles } from '#contract/access.ts';
import type { Role, TokenInfo } from '#contract/access.ts';
import { Choice } from '../components/choice.tsx';
import { useApp } from '../components/context.ts';
import { dayMs, emptyDraft, sameEnd, tokenDraftOf, tokenPatchOf } from '../format/token-draft.ts';
import type { TokenDraft } from '../format/token-draft.ts';

const days = ['', '1', '30', '365'] as const;
/** A token of a person is never one of a device, nor back. */
const ofDevices: readonly Role[] = ['device', 'gateway'];

export function TokenForm(props: {
  /** Absent for a new one. */
  readonly token?: TokenInfo;
  /** @returns whether it went well; what was typed stays until it did */
  readonly send: (draft: TokenDraft) => Promise<boolean>;
  /** Of an edit: back without it. */
  readonly leave?: () => void;
}) {
  const { language, timing } = useApp();
  const { token } = props;
  const [draft, setDraft] = useState(token === undefined ? emptyDraft : tokenDraftOf(token));
  const [isBusy, setBusy] = useState(false);
  const change = (part: Partial<TokenDraft>): void => setDraft({ ...draft, ...part });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    if ((await props.send(draft)) && token === undefined) setDraft(emptyDraft);
    setBusy(false);
  };
  const isSame = token !== undefined && Object.keys(tokenPatchOf(token, draft, timing.now())).length === 0;
  return (
    <form class="token-form" onSubmit={(event) => void submit(event)}>
      <Field draft={draft} name="name" isRequired change={change} />
      <Choice
        label={language.t('tokens.role')}
        value={draft.role}
        options={rolesFor(token).map((role) => [role, language.t(`role.${role}`)])}
        choose={(value) => change({ role: roles.find((role) => role === value) ?? 'viewer' })}
      />
      <Field draft={draft} name="groups" isRequired={draft.role === 'device'} change={change} />
      {draft.role === 'device' && <Field draft={draft} name="device" isRequired change={change} />}
      {draft.role === 'gateway' && <Filters draft={draft} change={change} />}
      <Expiry token={token} draft={draft} change={change} />
      <div class="form-acts">
        <button type="submit" class="button primary" disabled={isBusy || isSame || draft.name.trim() === ''}>
          {language.t(token === undefined ? 'tokens.make' : 'form.save')}
        </button>
        {props.leave !== undefined && (
          <button type="button" class="button" onClick={props.leave}>
            {language.t('mapping.cancel')}
          </button>
        )}
      </div>
    </form>
  );
}

interface PartProps {
  readonly draft: TokenDraft;
  readonly change: (part: Partial<TokenDraft>) => void;
}

function Field(
  props: PartProps & { readonly name: 'name' | 'groups' | 'device'; readonly isRequired: boolean },
) {
  const { language } = useApp();
  const { name } = props;
  return (
    <label class="field setting">
      <span>{language.t(`tokens.${name}`)}</span>
      <input
        value={props.draft[name]}
        required={props.isRequired}
        placeholder={name === 'groups' ? language.t('tokens.groupsHint') : ''}
        onInput={(event) => props.change({ [name]: event.currentTarget.value })}
      />
    </label>
  );
}

function Filters({ draft, change }: PartProps) {
  const { language } = useApp();
  return (
    <label class="field setting wide">
      <span>{language.t('tokens.filters')}</span>
      <textarea
        rows={2}
        value={draft.filters}
        onInput={(event) => change({ filters: event.currentTarget.value })}
      />
    </label>
  );
}

function Expiry({ token, draft, change }: PartProps & { readonly token: TokenInfo | undefined }) {
  const { language } = useApp();
  const options = days.map((count): [string, string] => [
    count,
    count === '' ? language.t('tokens.never') : language.span(Number(count) * dayMs),
  ]);
  const ends = token?.expiresAt;
  if (ends !== undefined)
    options.unshift([sameEnd, language.t('tokens.same', { when: language.time(ends) })]);
  return (
    <Choice
      label={language.t('tokens.expires')}
      value={draft.days}
      options={options}
      choose={(value) => change({ days: value })}
    />
  );
}

function rolesFor(token: TokenInfo | undefined): readonly Role[] {
  if (token === undefined) return roles;
  return roles.filter((role) => ofDevices.includes(role) === ofDevices.includes(token.role));
}
