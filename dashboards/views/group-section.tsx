/** One group: its heading with counts, and its devices as cards. */
import type { GroupInfo } from '#contract/device.ts';
import { hrefOf } from '../state/route.ts';
import type { GroupState } from '../state/group.ts';
import { useApp } from '../components/context.ts';
import { Mark } from '../components/mark.tsx';
import { Name } from '../components/name.tsx';
import type { DeviceState } from '../state/registry.ts';
import { DeviceList } from './device-list.tsx';

/** Cards that hold the place of what is coming. */
const skeletons = 8;

interface GroupSectionProps {
  readonly info: GroupInfo;
  readonly group: GroupState | undefined;
  /** Those that are wanted; undefined until they are known. */
  readonly devices: readonly DeviceState[] | undefined;
  readonly level: 'h1' | 'h2';
}

export function GroupSection({ info, group, devices, level: Heading }: GroupSectionProps) {
  const { language } = useApp();
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
      {info.devices === 0 && <p class="hint">{language.t('group.empty')}</p>}
      {devices === undefined ? (
        <div class="cards">
          {Array.from({ length: Math.min(info.devices, skeletons) }, (_, index) => (
            <div key={index} class="card skeleton" aria-hidden="true" />
          ))}
        </div>
      ) : (
        <DeviceList devices={devices} group={group} />
      )}
    </section>
  );
}

function GroupCounts({ info }: { readonly info: GroupInfo }) {
  const { language } = useApp();
  const { unheard = 0 } = info;
  const offline = Math.max(0, info.devices - info.online - info.stale - unheard);
  const number = (count: number): string => language.values.number(count, 0);
  return (
    <p class="counts">
      <span>{language.count('overview.devices', info.devices)}</span>
      {info.stale > 0 && (
        <span>
          <Mark mood="attention" />
          {language.t('overview.stale', { count: number(info.stale) })}
        </span>
      )}
      {offline > 0 && (
        <span>
          <Mark mood="bad" />
          {language.t('overview.offline', { count: number(offline) })}
        </span>
      )}
      {unheard > 0 && (
        <span>
          <Mark mood="unknown" />
          {language.t('overview.unheard', { count: number(unheard) })}
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
