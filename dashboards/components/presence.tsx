/** Whether a device is reachable, as a mark with words for those who do not see it. */
import type { Presence as PresenceName } from '#contract/device.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';
import { Mark } from './mark.tsx';
import type { Mood } from './mark.tsx';

const moods: Readonly<Record<PresenceName, Mood>> = {
  online: 'good',
  stale: 'attention',
  offline: 'bad',
  unknown: 'unknown',
};

export function Presence({
  state,
  withWords = false,
}: {
  readonly state: DeviceState;
  readonly withWords?: boolean;
}) {
  const { language, now } = useApp();
  const { presence, presenceSince } = state.info.value;
  const word = language.t(`presence.${presence}`);
  // Only the long form counts time: a thousand cards need not tick.
  const span = withWords && presenceSince > 0 ? language.span(now.value - presenceSince) : undefined;
  const words = span === undefined ? word : language.t('presence.since', { presence: word, span });
  const title = presenceSince > 0 ? `${word} · ${language.time(presenceSince)}` : word;
  return (
    <span class="presence" title={title}>
      <Mark mood={moods[presence]} />
      <span class={withWords ? 'presence-words' : 'unseen'}>{words}</span>
    </span>
  );
}

export function PresenceWord({ presence }: { readonly presence: PresenceName }) {
  const { language } = useApp();
  return (
    <span class="presence">
      <Mark mood={moods[presence]} />
      {language.t(`presence.${presence}`)}
    </span>
  );
}
