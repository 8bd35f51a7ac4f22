/** The state of a command as mark and word. */
import type { CommandState as StateName } from '#contract/command.ts';
import { useApp } from './context.ts';
import { Mark } from './mark.tsx';
import type { Mood } from './mark.tsx';

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
