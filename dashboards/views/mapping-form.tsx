/** Says how topics become readings, and shows at every change what it would make of what waits in the inbox. */
import { useEffect, useState } from 'preact/hooks';
import type { MappedValue, MappingDraft, PreviewedMessage } from '#contract/mapping.ts';
import { HttpProblem } from '../api/http.ts';
import { useApp } from '../components/context.ts';
import { Icon } from '../components/icons.tsx';
import { Mark } from '../components/mark.tsx';
import { Name } from '../components/name.tsx';

const settleMs = 300;
const messagesShown = 8;

export function MappingForm(props: {
  readonly draft: MappingDraft;
  readonly done: (taken: string) => void;
  readonly cancel: () => void;
}) {
  const { language, api, session } = useApp();
  const [draft, setDraft] = useState(props.draft);
  const [trouble, setTrouble] = useState('');
  const change = (part: Partial<MappingDraft>): void => setDraft({ ...draft, ...part });
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      const { applied } = await api.saveMapping(draft);
      props.done(language.t('mapping.saved', { messages: applied.messages, readings: applied.readings }));
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      setTrouble(language.reason(error.code, error.message));
    }
  };
  return (
    <form
      class="panel mapping"
      aria-label={language.t('mapping.title')}
      onSubmit={(event) => void save(event)}
    >
      <h2>{language.t('mapping.title')}</h2>
      <div class="token-form">
        {(['name', 'topic', 'group', 'device'] as const).map((field) => (
          <label key={field} class="field setting">
            <span>{language.t(`mapping.${field}`)}</span>
            <input
              required
              value={draft[field]}
              onInput={(event) => change({ [field]: event.currentTarget.value })}
            />
          </label>
        ))}
      </div>
      <p class="hint">{language.t('mapping.hint')}</p>
      <Values values={draft.values} change={(values) => change({ values })} />
      <Preview draft={draft} />
      {trouble !== '' && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div class="button-group">
        <button type="submit" class="button primary" disabled={!session.may('inbox:write')}>
          {language.t('mapping.save')}
        </button>
        <button type="button" class="button" onClick={props.cancel}>
          {language.t('mapping.cancel')}
        </button>
      </div>
    </form>
  );
}

function Values(props: {
  readonly values: readonly MappedValue[];
  readonly change: (values: MappedValue[]) => void;
}) {
  const { language } = useApp();
  const { values, change } = props;
  const put = (at: number, part: Partial<MappedValue>): void =>
    change(values.map((value, index) => (index === at ? { ...value, ...part } : value)));
  return (
    <fieldset class="mapping-values">
      <legend>{language.t('mapping.values')}</legend>
      {values.map((value, index) => (
        <div key={index} class="mapping-value">
          {(['path', 'metric', 'unit'] as const).map((field) => (
            <input
              key={field}
              class="text-input code"
              required={field !== 'unit'}
              value={value[field] ?? ''}
              placeholder={language.t(`mapping.${field}`)}
              aria-label={`${language.t(`mapping.${field}`)} ${index + 1}`}
              onInput={({ currentTarget: { value: text } }) =>
                put(index, { [field]: field === 'unit' && text === '' ? undefined : text })
              }
            />
          ))}
          <button
            type="button"
            class="icon-button"
            disabled={values.length === 1}
            aria-label={`${language.t('mapping.remove')} ${index + 1}`}
            title={language.t('mapping.remove')}
            onClick={() => change(values.filter((_, other) => other !== index))}
          >
            <Icon name="minus" />
          </button>
        </div>
      ))}
      <button
        type="button"
        class="button small"
        onClick={() => change([...values, { path: '$', metric: 'value' }])}
      >
        <Icon name="plus" />
        {language.t('mapping.add')}
      </button>
    </fieldset>
  );
}

function Preview({ draft }: { readonly draft: MappingDraft }) {
  const { language, api, timing } = useApp();
  const [shown, setShown] = useState<{ topics: number; items: readonly PreviewedMessage[] } | undefined>(
    undefined,
  );
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let isOver = false;
    const ask = async (): Promise<void> => {
      try {
        const answer = await api.previewMapping(draft);
        if (isOver) return;
        setShown(answer);
        setTrouble('');
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        if (!isOver) setTrouble(language.reason(error.code, error.message));
      }
    };
    const cancel = timing.after(settleMs, () => void ask());
    return () => {
      isOver = true;
      cancel();
    };
  }, [draft, api, timing]);
  return (
    <section class="mapping-preview" aria-live="polite">
      <h3>{language.t('mapping.preview')}</h3>
      {trouble !== '' && (
        <p class="trouble">
          <Mark mood="bad" /> {trouble}
        </p>
      )}
      {trouble === '' && shown !== undefined && (
        <>
          <p class="dim">{language.t('mapping.topics', { count: shown.topics })}</p>
          <ul>
            {shown.items.slice(0, messagesShown).map((item) => (
              <li key={`${item.topic} ${item.at}`}>
                <Name text={item.topic} class="code dim" />
                {item.readings.map((reading) => (
                  <Name
                    key={`${reading.device} ${reading.metric}`}
                    text={`${reading.group} / ${reading.device} · ${reading.metric} = ${String(reading.value)} ${reading.unit ?? ''}`}
                  />
                ))}
                {item.problems.map(({ path, message }) => (
                  <span key={`${path} ${message}`} class="mapping-problem">
                    <Mark mood="attention" />
                    <Name text={`${path} ${message}`} />
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
