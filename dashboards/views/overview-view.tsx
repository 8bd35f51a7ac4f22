/** All groups at a glance. */
import { useState } from 'preact/hooks';
import { useApp, useGroups } from '../components/context.ts';
import { Loading, Message } from '../components/message.tsx';
import { everything, useNarrowed } from '../components/narrowed.ts';
import { WaitingNotice } from '../components/waiting-notice.tsx';
import { FirstSteps } from './first-steps.tsx';
import { GroupSection } from './group-section.tsx';
import { OverviewTools } from './overview-tools.tsx';

/** Beyond these, groups are reached through the rail and search: the page joins no more namespaces than it shows. */
const groupsShown = 12;

export function OverviewView() {
  const { language, live } = useApp();
  const groups = live.value?.fleet.groups.value;
  const [wanted, setWanted] = useState(everything);
  const shown = groups?.filter(({ devices }) => devices > 0).slice(0, groupsShown) ?? [];
  const names = shown.map(({ group }) => group);
  const states = useGroups(names);
  const narrowed = useNarrowed(names, wanted);
  if (groups === undefined) return <Loading text={language.t('overview.loading')} rows={8} />;
  if (shown.length === 0)
    return (
      <>
        <WaitingNotice />
        <FirstSteps />
      </>
    );
  const isNarrowed = wanted !== everything;
  const matching = shown.filter(({ group }) => !isNarrowed || narrowed.get(group)?.length !== 0);
  const count = [...narrowed.values()].reduce((sum, devices) => sum + (devices?.length ?? 0), 0);
  return (
    <>
      <h1 class="unseen">{language.t('overview.title')}</h1>
      <WaitingNotice />
      <OverviewTools
        wanted={wanted}
        change={setWanted}
        shown={count}
        total={shown.reduce((sum, { devices }) => sum + devices, 0)}
      />
      {matching.map((info) => (
        <GroupSection
          key={info.group}
          info={info}
          group={states.get(info.group)}
          devices={narrowed.get(info.group)}
          level="h2"
        />
      ))}
      {matching.length === 0 && (
        <Message title={language.t('overview.none')} mood="unknown">
          <button type="button" class="button" onClick={() => setWanted(everything)}>
            {language.t('overview.everything')}
          </button>
        </Message>
      )}
    </>
  );
}
