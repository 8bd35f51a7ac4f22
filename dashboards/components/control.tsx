/**
 * One control of a device, telling the truth: it shows the state that the device reports, what is still on the way,
 * and how the last command ended, with why.
 */
import { useState } from 'preact/hooks';
import type { Control as ControlInfo } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { isWaiting } from '../state/control-progress.ts';
import type { Progress } from '../state/control-progress.ts';
import type { GroupState } from '../state/group.ts';
import type { Language } from '../state/language.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';
import { ControlInput, presentValue } from './control-inputs.tsx';
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
  const [before, setBefore] = useState<Json | undefined>(undefined);
  const send = (value: Json | undefined): void => {
    setBefore(presentValue({ state, control, progress }));
    void group.send(state.device, control, value);
  };
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
      <div class="control-input">
        <ControlInput {...parts} />
      </div>
      <Outcome
        progress={progress}
        compact={compact}
        why={compact ? undefined : why}
        undo={isUndoable(control, before, progress) && why === undefined ? () => send(before) : undefined}
      />
    </div>
  );
}

/** What was confirmed can be taken back as long as it is news, where a value from before is known. */
function isUndoable(control: ControlInfo, before: Json | undefined, progress: Progress | undefined): boolean {
  if (before === undefined || control.kind === 'button' || control.dangerous === true) return false;
  return progress?.state === 'succeeded' && progress.target !== before;
}

function Outcome(props: {
  readonly progress: Progress | undefined;
  readonly compact: boolean;
  readonly why: string | undefined;
  readonly undo: (() => void) | undefined;
}) {
  const { language, now } = useApp();
  const { progress, compact, why, undo } = props;
  const isNews =
    progress !== undefined &&
    (progress.state !== 'succeeded' || now.value - progress.since < confirmedShownMs);
  if (progress === undefined || !isNews) {
    return <span class="outcome outcome-quiet">{compact ? '' : (why ?? '')}</span>;
  }
  const words = wordsOf(progress, language);
  return (
    <span class={`outcome outcome-${progress.state}`} role="status" title={words}>
      <OutcomeMark progress={progress} />
      <span class={compact ? 'unseen' : 'outcome-words'}>{words}</span>
      {undo !== undefined && !compact && (
        <button type="button" class="button small" onClick={undo}>
          {language.t('control.undo')}
        </button>
      )}
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

function wordsOf(progress: Progress, language: Language): string {
  const t = language.t.bind(language);
  const why = language.reason(progress.whyCode ?? '', progress.why ?? '');
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
