/** Above the devices: a text and a presence that narrow them down, and cards or rows. */
import type { ComponentChildren } from 'preact';
import { presences } from '#contract/device.ts';
import { useApp } from '../components/context.ts';
import { Icon } from '../components/icons.tsx';
import type { Wanted } from '../components/narrowed.ts';
import { layouts } from '../state/preferences.ts';

export function OverviewTools(props: {
  readonly wanted: Wanted;
  readonly change: (wanted: Wanted) => void;
  /** How many devices are shown of all. */
  readonly shown: number;
  readonly total: number;
  /** What else can be done with them. */
  readonly children?: ComponentChildren;
}) {
  const { language, preferences } = useApp();
  const { wanted, change, shown, total } = props;
  const isNarrowed = wanted.text !== '' || wanted.presence !== undefined;
  return (
    <div class="overview-tools" role="search">
      <input
        class="text-input filter"
        type="search"
        value={wanted.text}
        aria-label={language.t('overview.filter')}
        placeholder={language.t('overview.filter')}
        onInput={(event) => change({ ...wanted, text: event.currentTarget.value })}
      />
      <select
        class="text-input"
        aria-label={language.t('overview.presence')}
        value={wanted.presence ?? ''}
        onChange={({ currentTarget: { value } }) =>
          change({ ...wanted, presence: presences.find((presence) => presence === value) })
        }
      >
        <option value="">{language.t('overview.anyPresence')}</option>
        {presences.map((presence) => (
          <option key={presence} value={presence}>
            {language.t(`presence.${presence}`)}
          </option>
        ))}
      </select>
      <span class="dim" role="status">
        {isNarrowed &&
          language.t('overview.shown', {
            shown: language.values.number(shown, 0),
            total: language.values.number(total, 0),
          })}
      </span>
      {props.children}
      <span class="button-group" role="group" aria-label={language.t('overview.layout')}>
        {layouts.map((layout) => (
          <button
            key={layout}
            type="button"
            class="icon-button"
            aria-pressed={preferences.layout.value === layout}
            title={language.t(`overview.${layout}`)}
            aria-label={language.t(`overview.${layout}`)}
            onClick={() => preferences.setLayout(layout)}
          >
            <Icon name={layout} />
          </button>
        ))}
      </span>
    </div>
  );
}
