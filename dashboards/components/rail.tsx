/** The way around: a rail on wide screens, a bar of five at the bottom of narrow ones. */
import { hrefOf, plainScreens } from '../state/route.ts';
import type { Route } from '../state/route.ts';
import { useApp } from './context.ts';
import { Icon, Lamp } from './icons.tsx';
import type { IconName } from './icons.tsx';
import { Name } from './name.tsx';
import { useWaiting } from './waiting-notice.tsx';

const groupsShown = 40;

export function Rail({ openSearch }: { readonly openSearch: () => void }) {
  const { language, route, live } = useApp();
  const current = route.current.value;
  const isInside = current.screen === 'group' || current.screen === 'device';
  const groups = live.value?.fleet.groups.value ?? [];
  const waiting = useWaiting();
  return (
    <nav class="rail" aria-label={language.t('nav.label')}>
      <a class="brand" href="#/">
        <Lamp />
        <span>{language.t('app.name')}</span>
      </a>
      <Item
        to={{ screen: 'overview' }}
        icon="overview"
        label={language.t('nav.overview')}
        isHere={current.screen === 'overview'}
        isInside={isInside}
      />
      {groups.length > 0 && (
        <ul class="rail-groups" aria-label={language.t('nav.groups')}>
          {groups.slice(0, groupsShown).map(({ group, title }) => (
            <li key={group}>
              <a
                href={hrefOf({ screen: 'group', group })}
                aria-current={'group' in current && current.group === group ? 'page' : undefined}
              >
                <Name text={title} />
              </a>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="rail-item rail-search" onClick={openSearch}>
        <Icon name="search" />
        <span>{language.t('nav.search')}</span>
      </button>
      {plainScreens.map((screen) => (
        <Item
          key={screen}
          to={{ screen }}
          icon={screen}
          label={language.t(`nav.${screen}`)}
          isHere={current.screen === screen}
          waiting={screen === 'inbox' ? waiting : 0}
        />
      ))}
    </nav>
  );
}

function Item(props: {
  readonly to: Route;
  readonly icon: IconName;
  readonly label: string;
  readonly isHere: boolean;
  /** A page below it is shown: told where the groups themselves have no room. */
  readonly isInside?: boolean;
  /** How many things there wait for a person. */
  readonly waiting?: number;
}) {
  const { language } = useApp();
  const { waiting = 0 } = props;
  return (
    <a
      class={props.isInside ? 'rail-item rail-inside' : `rail-item rail-${props.icon}`}
      href={hrefOf(props.to)}
      aria-current={props.isHere ? 'page' : undefined}
    >
      <Icon name={props.icon} />
      <span>{props.label}</span>
      {waiting > 0 && (
        <span class="rail-count" title={language.count('hidden.notice', waiting)}>
          {language.values.number(waiting, 0)}
        </span>
      )}
    </a>
  );
}
