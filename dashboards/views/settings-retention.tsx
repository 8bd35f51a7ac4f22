/** How long history is kept: rules in order, saved as a whole by holding, for what they delete does not come back. */
import { useCallback, useState } from 'preact/hooks';
import type { RetentionPolicy } from '#contract/retention.ts';
import type { RetentionRule } from '#contract/retention-rules.ts';
import { ActButton } from '../components/act-button.tsx';
import { useApp } from '../components/context.ts';
import { Failed, Loading } from '../components/message.tsx';
import { Trouble, useAct } from '../components/use-act.tsx';
import { useFetched } from '../components/use-fetched.ts';
import { ruleOf, rowOf } from '../format/retention-row.ts';
import type { RetentionRow } from '../format/retention-row.ts';

const refreshMs = 10_000;

export function Retention() {
  const { language, api } = useApp();
  const { item, problem, retry } = useFetched(
    useCallback(() => api.retention(), [api]),
    refreshMs,
  );
  return (
    <section class="panel tokens">
      <h2>{language.t('retention.title')}</h2>
      {item === undefined && problem !== undefined && <Failed problem={problem} retry={retry} />}
      {item === undefined && problem === undefined && <Loading text={language.t('settings.loading')} />}
      {item !== undefined && <Rules policy={item} saved={retry} />}
    </section>
  );
}

/** What the reader is writing, and the rules that it began with. */
interface Draft {
  readonly rows: readonly RetentionRow[];
  readonly base: string;
}

function Rules({ policy, saved }: { readonly policy: RetentionPolicy; readonly saved: () => void }) {
  const { language, api } = useApp();
  const [draft, setDraft] = useState<Draft | undefined>(undefined);
  const { act, isBusy, trouble } = useAct();
  const current = JSON.stringify(policy.rules);
  const rows = draft?.rows ?? policy.rules.map(rowOf);
  const change = (changed: readonly RetentionRow[]): void =>
    setDraft({ rows: changed, base: draft?.base ?? current });
  const rules = rows.map(ruleOf).filter((rule): rule is RetentionRule => rule !== undefined);
  const isWhole = rules.length === rows.length;
  const save = async (): Promise<void> => {
    if (!(await act(() => api.changeRetention(rules)))) return;
    setDraft(undefined);
    saved();
  };
  return (
    <>
      <p class="hint">
        {language.t('retention.lead', { days: language.values.number(policy.defaultDays, 0) })}
      </p>
      {rows.map((row, index) => (
        <Rule
          key={index}
          row={row}
          place={index + 1}
          change={(part) => change(rows.with(index, { ...row, ...part }))}
          raise={index === 0 ? undefined : () => change(raised(rows, index))}
          remove={() => change(rows.toSpliced(index, 1))}
        />
      ))}
      {draft !== undefined && draft.base !== current && (
        <p class="trouble" role="alert">
          {language.t('retention.changed')}
        </p>
      )}
      <Trouble text={trouble} />
      <div class="form-acts">
        <button
          type="button"
          class="button"
          onClick={() => change([...rows, { group: '', metric: '', days: '' }])}
        >
          {language.t('retention.add')}
        </button>
        {draft !== undefined && (
          <>
            <button type="button" class="button" onClick={() => setDraft(undefined)}>
              {language.t('form.discard')}
            </button>
            <ActButton class="button" dangerous disabled={isBusy || !isWhole} act={() => void save()}>
              {language.t('retention.save')}
            </ActButton>
          </>
        )}
      </div>
    </>
  );
}

function raised(rows: readonly RetentionRow[], index: number): readonly RetentionRow[] {
  return rows.toSpliced(index, 1).toSpliced(index - 1, 0, ...rows.slice(index, index + 1));
}

function Rule(props: {
  readonly row: RetentionRow;
  /** From 1. */
  readonly place: number;
  readonly change: (part: Partial<RetentionRow>) => void;
  readonly raise: (() => void) | undefined;
  readonly remove: () => void;
}) {
  const { language } = useApp();
  const field = (name: 'group' | 'metric' | 'days', empty: 'retention.any' | 'retention.ever') => (
    <label class="field">
      <span>{language.t(`retention.${name}`)}</span>
      <input
        value={props.row[name]}
        inputMode={name === 'days' ? 'numeric' : 'text'}
        aria-invalid={name === 'days' && ruleOf(props.row) === undefined}
        placeholder={language.t(empty)}
        onInput={({ currentTarget: { value } }) => props.change({ [name]: value })}
      />
    </label>
  );
  return (
    <fieldset class="rule">
      <legend class="unseen">{language.t('retention.rule', { place: props.place })}</legend>
      {field('group', 'retention.any')}
      {field('metric', 'retention.any')}
      {field('days', 'retention.ever')}
      <span class="button-group">
        <button type="button" class="button small" disabled={props.raise === undefined} onClick={props.raise}>
          {language.t('retention.raise')}
        </button>
        <button type="button" class="button small" onClick={props.remove}>
          {language.t('retention.remove')}
        </button>
      </span>
    </fieldset>
  );
}
