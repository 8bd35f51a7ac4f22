/** What a new token opens. */
import { useState } from 'preact/hooks';
import { roles } from '#contract/access.ts';
import type { Grant, Role } from '#contract/access.ts';
import { Choice } from '../components/choice.tsx';
import { useApp } from '../components/context.ts';

const days = ['', '1', '30', '365'] as const;
const dayMs = 86_400_000;

interface Draft {
  readonly name: string;
  readonly role: Role;
  /** Ids with commas between them; empty = all. */
  readonly groups: string;
  readonly device: string;
  readonly days: string;
}

const empty: Draft = { name: '', role: 'viewer', groups: '', device: '', days: '' };

export function TokenForm({ make }: { readonly make: (grant: Grant) => Promise<void> }) {
  const { language, timing } = useApp();
  const [draft, setDraft] = useState(empty);
  const [isBusy, setBusy] = useState(false);
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    await make(grantOf(draft, timing.now()));
    setBusy(false);
    setDraft(empty);
  };
  const field = (name: 'name' | 'groups' | 'device', isRequired: boolean) => (
    <label class="field setting">
      <span>{language.t(`tokens.${name}`)}</span>
      <input
        value={draft[name]}
        required={isRequired}
        placeholder={name === 'groups' ? language.t('tokens.groupsHint') : ''}
        onInput={(event) => change({ [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <form class="token-form" onSubmit={(event) => void submit(event)}>
      {field('name', true)}
      <Choice
        label={language.t('tokens.role')}
        value={draft.role}
        options={roles.map((role) => [role, language.t(`role.${role}`)])}
        choose={(value) => change({ role: roles.find((role) => role === value) ?? 'viewer' })}
      />
      {field('groups', draft.role === 'device')}
      {draft.role === 'device' && field('device', true)}
      <Choice
        label={language.t('tokens.expires')}
        value={draft.days}
        options={days.map((count) => [
          count,
          count === '' ? language.t('tokens.never') : language.span(Number(count) * dayMs),
        ])}
        choose={(value) => change({ days: value })}
      />
      <button type="submit" class="button primary" disabled={isBusy || draft.name.trim() === ''}>
        {language.t('tokens.make')}
      </button>
    </form>
  );
}

/** Exported for its test. @param nowMs epoch ms */
export function grantOf(draft: Draft, nowMs: number): Grant {
  const groups = draft.groups.split(/[\s,]+/).filter((group) => group !== '');
  return {
    name: draft.name.trim(),
    role: draft.role,
    groups: groups.length === 0 ? '*' : groups,
    ...(draft.role === 'device' ? { device: draft.device.trim() } : {}),
    ...(draft.days === '' ? {} : { expiresAt: nowMs + Number(draft.days) * dayMs }),
  };
}
