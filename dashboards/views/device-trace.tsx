/** The last messages of a device as they came, and what became of each. Asked for only while it is open. */
import { useEffect, useState } from 'preact/hooks';
import type { TracedMessage, TraceOutcome } from '#contract/trace.ts';
import { useApp } from '../components/context.ts';
import { Mark } from '../components/mark.tsx';
import type { Mood } from '../components/mark.tsx';
import { Name } from '../components/name.tsx';
import { HubRefusedError, NoAnswerError } from '../connection/errors.ts';
import type { GroupState } from '../state/group.ts';
import type { DeviceState } from '../state/registry.ts';

const refreshMs = 2000;
const valuesShown = 12;

const moods: Readonly<Record<TraceOutcome, Mood>> = {
  taken: 'good',
  partly: 'attention',
  quarantined: 'bad',
  inbox: 'unknown',
};

export function DeviceTrace({ state, group }: { readonly state: DeviceState; readonly group: GroupState }) {
  const { language, session } = useApp();
  const [isOpen, setOpen] = useState(false);
  if (!session.may('command:send')) return null;
  return (
    <details class="panel trace" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{language.t('trace.title')}</h2>
      </summary>
      {isOpen && <Messages state={state} group={group} />}
    </details>
  );
}

function Messages({ state, group }: { readonly state: DeviceState; readonly group: GroupState }) {
  const { language } = useApp();
  const { messages, trouble } = useTrace(group, state.device);
  if (messages === undefined) return <p class="hint">{trouble || language.t('trace.loading')}</p>;
  if (messages.length === 0) return <p class="hint">{language.t('trace.none')}</p>;
  return (
    <ol>
      {messages.map((message, index) => (
        <Message key={`${message.at} ${index}`} message={message} />
      ))}
    </ol>
  );
}

function useTrace(group: GroupState, device: string) {
  const { timing, language } = useApp();
  const [messages, setMessages] = useState<readonly TracedMessage[] | undefined>(undefined);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let cancel = (): void => undefined;
    let isOver = false;
    const ask = async (): Promise<void> => {
      try {
        const { items } = await group.channel.request('trace', { device });
        if (!isOver) setMessages(items);
      } catch (error) {
        if (!(error instanceof HubRefusedError || error instanceof NoAnswerError)) throw error;
        if (!isOver) setTrouble(language.reason(error.code, error.message));
      }
      if (!isOver) cancel = timing.after(refreshMs, () => void ask());
    };
    void ask();
    return () => {
      isOver = true;
      cancel();
    };
  }, [group, device, timing, language]);
  return { messages, trouble };
}

function Message({ message }: { readonly message: TracedMessage }) {
  const { language } = useApp();
  const { at, edge, topic, payload, outcome, decoder, reason, values, dropped } = message;
  return (
    <li>
      <p class="trace-head">
        <time dateTime={new Date(at).toISOString()} title={language.time(at)}>
          {language.clock(at)}
        </time>
        <span class="command-state">
          <Mark mood={moods[outcome]} />
          {language.t(`trace.${outcome}`)}
        </span>
        <Name text={[edge, topic].filter(Boolean).join(' · ')} class="code dim" />
        {decoder !== undefined && <Name text={language.t('trace.by', { decoder })} class="dim" />}
      </p>
      <Name text={payload} class="code" />
      {reason !== undefined && <Name text={language.reason(reason.code, reason.message)} class="trouble" />}
      <p class="dim">
        <Name
          text={values
            .slice(0, valuesShown)
            .map(({ metric, value }) => `${metric} = ${String(value)}`)
            .join(', ')}
        />
      </p>
      {dropped.map(({ what, code, message: why }) => (
        <Name key={`${what} ${why}`} text={`${what}: ${language.reason(code, why)}`} class="trouble" />
      ))}
    </li>
  );
}
