/** The inputs of controls, one per kind. Each shows what the device says, or waits for, and never what was only wished. */
import type { TargetedInputEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { Control as ControlInfo } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { unitText } from '../format/unit.ts';
import { isWaiting } from '../state/control-progress.ts';
import type { Progress } from '../state/control-progress.ts';
import type { DeviceState } from '../state/registry.ts';
import { ActButton } from './act-button.tsx';
import { useApp } from './context.ts';

const textChars = 255;

export interface InputProps {
  readonly state: DeviceState;
  readonly control: ControlInfo;
  readonly progress: Progress | undefined;
  readonly send: (value: Json | undefined) => void;
  readonly disabled: boolean;
  readonly why: string | undefined;
}

export function ControlInput(props: InputProps) {
  switch (props.control.kind) {
    case 'switch':
      return <Switch {...props} />;
    case 'slider':
      return <Slider {...props} />;
    case 'number':
    case 'text':
      return <Typed {...props} />;
    case 'colour':
      return <Colour {...props} />;
    case 'button':
      return <PressButton {...props} />;
  }
}

/** What the device says, or what it last confirmed where it does not say. */
export function presentValue({
  state,
  control,
  progress,
}: Pick<InputProps, 'state' | 'control' | 'progress'>): Json | undefined {
  const latest = control.metric === undefined ? undefined : state.latest(control.metric).value?.value;
  if (latest !== undefined) return latest;
  return progress?.state === 'succeeded' ? progress.target : undefined;
}

function labelOf({ title, name }: ControlInfo): string {
  return title ?? name;
}

function isOn(value: Json | undefined): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(on|true|1|open)$/i.test(value));
}

function Switch(props: InputProps) {
  const { language } = useApp();
  const { control, send } = props;
  const on = isOn(presentValue(props));
  const waiting = isWaiting(props.progress);
  return (
    <ActButton
      role="switch"
      class={waiting ? 'switch switch-waiting' : 'switch'}
      aria-checked={on}
      aria-busy={waiting}
      aria-label={labelOf(control)}
      disabled={props.disabled || waiting}
      title={props.why}
      dangerous={control.dangerous}
      act={() => send(!on)}
    >
      <span class="switch-track" aria-hidden="true">
        <span class="switch-knob" />
      </span>
      <span class="switch-word">{language.t(on ? 'value.on' : 'value.off')}</span>
    </ActButton>
  );
}

function Slider(props: InputProps) {
  const { language } = useApp();
  const { control, send } = props;
  const [draft, setDraft] = useState<number | undefined>(undefined);
  const present = presentValue(props);
  const waiting = isWaiting(props.progress);
  const target = waiting && typeof props.progress?.target === 'number' ? props.progress.target : undefined;
  // A slider whose position nobody knows stands at its start, and says no number.
  const known = draft ?? target ?? (typeof present === 'number' ? present : undefined);
  const commit = (value: number): void => {
    setDraft(undefined);
    send(value);
  };
  return (
    <label class={waiting ? 'slider slider-waiting' : 'slider'} title={props.why}>
      <input
        type="range"
        min={control.min ?? 0}
        max={control.max ?? 100}
        step={control.step ?? 1}
        value={known ?? control.min ?? 0}
        disabled={props.disabled}
        aria-label={labelOf(control)}
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

/** A set-point or a text: typed, then sent by a button or Enter. */
function Typed(props: InputProps) {
  const { language } = useApp();
  const { control, send } = props;
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const isNumber = control.kind === 'number';
  const present = presentValue(props) ?? (isWaiting(props.progress) ? props.progress?.target : undefined);
  const shown = draft ?? (typeof present === 'number' || typeof present === 'string' ? String(present) : '');
  const isGood = draft !== undefined && (!isNumber || isWithin(draft, control));
  const commit = (): void => {
    if (!isGood) return;
    setDraft(undefined);
    send(isNumber ? Number(draft) : draft);
  };
  const shared = {
    class: 'text-input',
    value: shown,
    disabled: props.disabled,
    'aria-label': labelOf(control),
    'aria-invalid': draft !== undefined && !isGood,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => setDraft(event.currentTarget.value),
    onKeyDown: ({ key }: KeyboardEvent) => key === 'Enter' && control.dangerous !== true && commit(),
  };
  return (
    <span class="typed" title={props.why}>
      {isNumber ? (
        <input {...shared} type="number" min={control.min} max={control.max} step={control.step ?? 'any'} />
      ) : (
        <input {...shared} type="text" maxLength={textChars} />
      )}
      {isNumber && <span class="value-unit">{unitText(control.unit)}</span>}
      <ActButton
        class="button"
        disabled={props.disabled || !isGood}
        aria-label={`${language.t('control.set')}: ${labelOf(control)}`}
        dangerous={control.dangerous}
        act={commit}
      >
        {language.t('control.set')}
      </ActButton>
    </span>
  );
}

function Colour(props: InputProps) {
  const { language } = useApp();
  const { control, send } = props;
  const present = presentValue(props);
  const target = isWaiting(props.progress) ? props.progress?.target : undefined;
  const shown = [target, present].find(isColour);
  return (
    <label class="colour" title={props.why}>
      <span class="colour-word">{shown ?? language.t('control.colourUnknown')}</span>
      <input
        type="color"
        value={shown ?? '#808080'}
        disabled={props.disabled}
        aria-label={labelOf(control)}
        onChange={(event) => send(event.currentTarget.value)}
      />
    </label>
  );
}

function PressButton({ control, progress, send, disabled, why }: InputProps) {
  const { language } = useApp();
  const waiting = isWaiting(progress);
  return (
    <ActButton
      class="button"
      disabled={disabled || waiting}
      aria-busy={waiting}
      aria-label={`${language.t('control.press')}: ${labelOf(control)}`}
      title={why}
      dangerous={control.dangerous}
      act={() => send(undefined)}
    >
      {language.t('control.press')}
    </ActButton>
  );
}

function isColour(value: Json | undefined): value is string {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value);
}

function isWithin(text: string, { min, max }: ControlInfo): boolean {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return false;
  return value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
}

function digitsOf(step: number): number {
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step))));
}
