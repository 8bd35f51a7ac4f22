/** Says that devices wait for approval, to those who may give it: else nobody would know why a device does not appear. */
import { hrefOf } from '../state/route.ts';
import { useApp } from './context.ts';
import { Mark } from './mark.tsx';

/** How many devices of all groups wait, as far as this reader can do something about it. */
export function useWaiting(): number {
  const { live, session } = useApp();
  if (!session.may('device:manage')) return 0;
  const groups = live.value?.fleet.groups.value ?? [];
  return groups.reduce((sum, { waiting = 0 }) => sum + waiting, 0);
}

export function WaitingNotice() {
  const { language } = useApp();
  const waiting = useWaiting();
  if (waiting === 0) return null;
  return (
    <div class="banner banner-stale" role="status">
      <Mark mood="attention" />
      <span>{language.count('hidden.notice', waiting)}</span>
      <a class="button small" href={hrefOf({ screen: 'inbox' })}>
        {language.t('hidden.look')}
      </a>
    </div>
  );
}
