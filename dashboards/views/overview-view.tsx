/** All groups at a glance. */
import { useApp, useGroups } from '../components/context.ts';
import { Loading } from '../components/message.tsx';
import { FirstSteps } from './first-steps.tsx';
import { GroupSection } from './group-section.tsx';

/** Beyond these, groups are reached through the rail and search: the page joins no more namespaces than it shows. */
const groupsShown = 12;
const cardsPerGroup = 24;

export function OverviewView() {
  const { language, live } = useApp();
  const groups = live.value?.fleet.groups.value;
  const shown = groups?.filter(({ devices }) => devices > 0).slice(0, groupsShown) ?? [];
  const states = useGroups(shown.map(({ group }) => group));
  if (groups === undefined) return <Loading text={language.t('overview.loading')} rows={8} />;
  if (shown.length === 0) return <FirstSteps />;
  return (
    <>
      <h1 class="unseen">{language.t('overview.title')}</h1>
      {shown.map((info) => (
        <GroupSection
          key={info.group}
          info={info}
          group={states.get(info.group)}
          shown={cardsPerGroup}
          level="h2"
        />
      ))}
    </>
  );
}
