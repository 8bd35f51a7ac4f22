/**
 * One control of a device, telling the truth: it shows the state that the device reports, what is still on the way,
 * and how the last command ended, with why.
 */
import { useState } from 'preact/hooks';
import type { Control as ControlInfo } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { unitText } from '../format/unit.ts';
import { isWaiting } from '../state/control-progress.ts';
import type { Progress } from '../state/control-progress.ts';
import type { GroupState } from '../state/group.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';
import { Mark } from './mark.tsx';
import type { Mood } from './mark.tsx';
import { Name } from './name.tsx';

/** A confirmation is news for this long, then it is simply so. */
const confirmedShownMs = 6000;

export interface ControlProps {
  readonly state: DeviceState;
  readonly group: GroupState;
  readonly control: ControlInfo;
  /** On a card only the control itself and its mark. */
  readonly compact?: boolean;
}

export function Control({ state, group, control, compact = false }: ControlProps) {
  const { language, session, link } = useApp();
  const progress = group.progress(state.device, control.name).value;
  const send = (value: Json | undefined): void => void group.send(state.device, control, value);
  const may = session.may('command:send');
  const isReachable = link.value.name === 'live' || link.value.name === 'catching-up';
  const why = !may
    ? language.t('control.denied', { role: session.who.value?.role ?? '' })
    : isReachable
      ? undefined
      : language.t('control.offline');
  const parts = { state, control, progress, send, disabled: why !== undefined, why };
  return (
    <div class={compact ? 'control control-compact' : 'control'}>
      {!compact && <Name text={control.title ?? control.name} class="control-title" />}
      <div class="control-input">{inputOf(control.kind, parts)}</div>
      <Outcome progress={progress} compact={compact} why={compact ? undefined : why} />
    </div>
  );
}

interface InputProps {
  readonly state: DeviceState;
  readonly control: ControlInfo;
  readonly progress: Progress | undefined;
  readonly send: (value: Json | undefined) => void;
  readonly disabled: boolean;
  readonly why: string | undefined;
}

function inputOf(kind: ControlInfo['kind'], props: InputProps) {
  switch (kind) {
    case 'switch':
      return <Switch {...props} />;
    case 'slider':
      return <Slider {...props} />;
    case 'button':
      return <PressButton {...props} />;
  }
}

/** What the device says, or what it last confirmed where it does not say. */
function presentValue({ state, control, progress }: InputProps): Json | undefined {
  const latest = control.metric === undefined ? undefined : state.latest(control.metric).value?.value;
  if (latest !== undefined) return latest;
  return progress?.state === 'succeeded' ? progress.target : undefined;
}

function isOn(value: Json | undefined): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(on|true|1|open)$/i.test(value));
}

function Switch(props: InputProps) {
  const { language } = useApp();
  const on = isOn(presentValue(props));
  const waiting = isWaiting(props.progress);
  const word = language.t(on ? 'value.on' : 'value.off');
  return (
    <button
      type="button"
      role="switch"
      class={waiting ? 'switch switch-waiting' : 'switch'}
      aria-checked={on}
      aria-busy={waiting}
      aria-label={props.control.title ?? props.control.name}
      disabled={props.disabled || waiting}
      title={props.why}
      onClick={() => props.send(!on)}
    >
      <span class="switch-track" aria-hidden="true">
        <span class="switch-knob" />
      </span>
      <span class="switch-word">{word}</span>
    </button>
  );
}

function Slider(props: InputProps) {
  const { language } = useApp();
  const { control, send } = props;
  const [draft, setDraft] = useState<number | undefined>(undefined);
  const present = presentValue(props);
  const waiting = isWaiting(props.progress);
  const target = waiting && typeof props.progress?.target === 'number' ? props.progress.target : undefined;
  const min = control.min ?? 0;
  // A slider whose position nobody knows stands at its start, and says no number.
  const known = draft ?? target ?? (typeof present === 'number' ? present : undefined);
  const shown = known ?? min;
  const commit = (value: number): void => {
    setDraft(undefined);
    send(value);
  };
  return (
    <label class={waiting ? 'slider slider-waiting' : 'slider'} title={props.why}>
      <input
        type="range"
        min={min}
        max={control.max ?? 100}
        step={control.step ?? 1}
        value={shown}
        disabled={props.disabled}
        aria-label={control.title ?? control.name}
        aria-busy={waiting}
        onInput={(event) => setDraft(event.currentTarget.valueAsNumber)}
        onChange={(event) => commit(event.currentTarget.valueAsNumber)}
      />
      <output class="slider-value">
        {known === undefined ? '–' : language.values.number(known, digitsOf(control.step ?? 1))}
        <span class="value-unit">{unitText(control.unit)}</span>
      </output>
    </label>
  );
}

function PressButton({ control, progress, send, disabled, why }: InputProps) {
  const { language } = useApp();
  const waiting = isWaiting(progress);
  return (
    <button
      type="button"
      class="button"
      disabled={disabled || waiting}
      aria-busy={waiting}
      aria-label={`${language.t('control.press')}: ${control.title ?? control.name}`}
      title={why}
      onClick={() => send(undefined)}
    >
      {language.t('control.press')}
    </button>
  );
}

function digitsOf(step: number): number {
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step))));
}

function Outcome(props: {
  readonly progress: Progress | undefined;
  readonly compact: boolean;
  readonly why: string | undefined;
}) {
  const { language, now } = useApp();
  const { progress, compact, why } = props;
  const isNews =
    progress !== undefined &&
    (progress.state !== 'succeeded' || now.value - progress.since < confirmedShownMs);
  if (progress === undefined || !isNews) {
    return <span class="outcome outcome-quiet">{compact ? '' : (why ?? '')}</span>;
  }
  const words = wordsOf(progress, language.t.bind(language));
  return (
    <span class={`outcome outcome-${progress.state}`} role="status" title={words}>
      <OutcomeMark progress={progress} />
      <span class={compact ? 'unseen' : 'outcome-words'}>{words}</span>
    </span>
  );
}

function OutcomeMark({ progress }: { readonly progress: Progress }) {
  if (isWaiting(progress)) return <span class="pending-mark" aria-hidden="true" />;
  const moods: Partial<Record<Progress['state'], Mood>> = {
    succeeded: 'good',
    failed: 'bad',
    expired: 'bad',
  };
  return <Mark mood={moods[progress.state] ?? 'unknown'} />;
}

function wordsOf(progress: Progress, t: ReturnType<typeof useApp>['language']['t']): string {
  const why = progress.why ?? '';
  switch (progress.state) {
    case 'pending':
    case 'queued':
    case 'sent':
      return t('control.pending');
    case 'accepted':
      return t('control.accepted');
    case 'succeeded':
      return t('control.confirmed');
    case 'failed':
      return t('control.failed', { why });
    case 'expired':
      return t('control.expired', { why });
    case 'superseded':
      return t('control.superseded');
    case 'cancelled':
      return t('control.cancelled');
  }
}
