/** The two halves of a device's state: what it reports, and what people want of it; a key that is not so yet says so. */
import { useState } from 'preact/hooks';
import type { Json } from '#contract/event.ts';
import { useApp } from '../components/context.ts';
import { Mark } from '../components/mark.tsx';
import { Name } from '../components/name.tsx';
import { jsonText } from '../format/text.ts';
import { Trouble, useAct } from '../components/use-act.tsx';
import type { DeviceState } from '../state/registry.ts';

const keysShown = 60;

export function DeviceTwin({ state }: { readonly state: DeviceState }) {
  const { language, session } = useApp();
  const { reported, labels, twin } = state.info.value;
  // The description is what the rest of this page is made of.
  const told = Object.entries(reported).filter(([key]) => key !== 'description');
  const described = Object.entries(labels).filter(([key]) => key !== 'simulated');
  const wished = Object.entries(twin?.desired ?? {});
  return (
    <section class="panel reported">
      <h2>{language.t('device.reported')}</h2>
      {described.length + told.length === 0 && <p class="hint">{language.t('device.reportedNone')}</p>}
      <Pairs pairs={[...described, ...told]} />
      {wished.length > 0 && <h3>{language.t('twin.desired')}</h3>}
      <Pairs pairs={wished} delta={twin?.delta ?? {}} />
      {session.may('command:send') && <Desire state={state} />}
    </section>
  );
}

function Pairs(props: {
  readonly pairs: readonly (readonly [key: string, value: Json])[];
  /** Which of them the device does not report so. */
  readonly delta?: Readonly<Record<string, Json>>;
}) {
  const { language } = useApp();
  const { pairs, delta } = props;
  return (
    <dl class="pairs">
      {pairs.slice(0, keysShown).map(([key, value]) => (
        <div key={key}>
          <dt>
            <Name text={key} />
          </dt>
          <dd>
            <Name text={typeof value === 'string' ? value : jsonText(value)} />
            {delta !== undefined && (
              <span class="command-state dim">
                <Mark mood={Object.hasOwn(delta, key) ? 'attention' : 'good'} />
                {language.t(Object.hasOwn(delta, key) ? 'twin.waiting' : 'twin.done')}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Desire({ state }: { readonly state: DeviceState }) {
  const { language, api } = useApp();
  const [key, setKey] = useState('');
  const [text, setText] = useState('');
  const { act, trouble } = useAct();
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(await act(() => api.desire(state.group, state.device, { [key.trim()]: parsed(text) })))) return;
    setKey('');
    setText('');
  };
  return (
    <form class="desire" onSubmit={(event) => void send(event)}>
      <input
        class="text-input"
        required
        value={key}
        aria-label={language.t('twin.key')}
        placeholder={language.t('twin.key')}
        onInput={(event) => setKey(event.currentTarget.value)}
      />
      <input
        class="text-input"
        value={text}
        aria-label={language.t('twin.value')}
        placeholder={language.t('twin.valueShort')}
        title={language.t('twin.value')}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button" disabled={key.trim() === ''}>
        {language.t('twin.set')}
      </button>
      <Trouble text={trouble} />
    </form>
  );
}

/** JSON where it is some, else the text; nothing takes the key away. Exported for its test. */
export function parsed(text: string): Json {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
