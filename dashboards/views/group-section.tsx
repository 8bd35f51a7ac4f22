/** One group: its heading with counts, and its devices as cards. */
import { useEffect } from 'preact/hooks';
import type { GroupInfo } from '#contract/device.ts';
import { hrefOf } from '../state/route.ts';
import type { GroupState } from '../state/group.ts';
import { useApp } from '../components/context.ts';
import { DeviceCard } from '../components/device-card.tsx';
import { Mark } from '../components/mark.tsx';
import { Name } from '../components/name.tsx';

interface GroupSectionProps {
  readonly info: GroupInfo;
  readonly group: GroupState | undefined;
  /** At most this many cards; the rest is one link away. */
  readonly shown: number;
  readonly level: 'h1' | 'h2';
}

export function GroupSection({ info, group, shown, level: Heading }: GroupSectionProps) {
  const { language, live } = useApp();
  const devices = live.value?.registry.list(info.group).value;
  useSparklines(group);
  const hidden = (devices?.length ?? 0) - shown;
  return (
    <section class="group">
      <header class="group-head">
        <Heading>
          <a href={hrefOf({ screen: 'group', group: info.group })}>
            <Name text={info.title} />
          </a>
        </Heading>
        <GroupCounts info={info} />
      </header>
      {devices?.length === 0 && <p class="hint">{language.t('group.empty')}</p>}
      <div class="cards">
        {devices === undefined
          ? Array.from({ length: Math.min(info.devices, shown) }, (_, index) => (
              <div key={index} class="card skeleton" aria-hidden="true" />
            ))
          : devices
              .slice(0, shown)
              .map((state) => <DeviceCard key={state.device} state={state} group={group} />)}
      </div>
      {hidden > 0 && (
        <p class="group-more">
          <a href={hrefOf({ screen: 'group', group: info.group })}>
            {language.count('overview.more', hidden)}
          </a>
        </p>
      )}
    </section>
  );
}

function GroupCounts({ info }: { readonly info: GroupInfo }) {
  const { language } = useApp();
  const offline = Math.max(0, info.devices - info.online - info.stale);
  return (
    <p class="counts">
      <span>{language.count('overview.devices', info.devices)}</span>
      {info.stale > 0 && (
        <span>
          <Mark mood="attention" />
          {language.t('overview.stale', { count: info.stale })}
        </span>
      )}
      {offline > 0 && (
        <span>
          <Mark mood="bad" />
          {language.t('overview.offline', { count: offline })}
        </span>
      )}
      {info.devices > 0 && info.online === info.devices && (
        <span>
          <Mark mood="good" />
          {language.t('overview.allOnline')}
        </span>
      )}
    </p>
  );
}

/** Fetches the lines of the cards when the devices are known, and again after every reconnection or new device. */
function useSparklines(group: GroupState | undefined): void {
  const { live } = useApp();
  const current = live.value;
  useEffect(() => {
    if (group === undefined || current === undefined) return;
    return current.registry
      .list(group.group)
      .subscribe((devices) => void (devices && current.sparklines.load(group.group, group.channel, devices)));
  }, [group, current]);
}
