/** A command in words, and its state as mark and word. */
import type { CommandRecord, CommandState as StateName } from '#contract/command.ts';
import { jsonText } from '../format/text.ts';
import { useApp } from './context.ts';
import { Mark } from './mark.tsx';
import type { Mood } from './mark.tsx';
import { Name } from './name.tsx';

const moods: Readonly<Record<StateName, Mood>> = {
  queued: 'unknown',
  sent: 'unknown',
  accepted: 'attention',
  succeeded: 'good',
  failed: 'bad',
  expired: 'bad',
  superseded: 'unknown',
  cancelled: 'unknown',
};

export function CommandState({ state }: { readonly state: StateName }) {
  const { language } = useApp();
  return (
    <span class={`command-state command-${state}`}>
      <Mark mood={moods[state]} />
      {language.t(`command.${state}`)}
    </span>
  );
}

/** What was asked for, as a person would say it: the value alone where there is only that. */
export function CommandWords({ command: { name, args } }: { readonly command: CommandRecord }) {
  const { language } = useApp();
  const isPlain = typeof args !== 'object' || args === null;
  if (isPlain || !('value' in args) || Object.keys(args).length > 1) {
    const isEmpty = isPlain ? args === null : Object.keys(args).length === 0;
    return <Name text={isEmpty ? name : `${name} ${jsonText(args)}`} />;
  }
  const { value = null } = args;
  const word = typeof value === 'boolean' ? language.t(value ? 'value.on' : 'value.off') : jsonText(value);
  return <Name text={`${name} → ${word}`} />;
}
