/** One group with all its devices. */
import { useState } from 'preact/hooks';
import { useApp, useGroup } from '../components/context.ts';
import { Loading, Message } from '../components/message.tsx';
import { everything, useNarrowed } from '../components/narrowed.ts';
import { plainText } from '../format/text.ts';
import { ExportButton } from './export-dialog.tsx';
import { GroupSection } from './group-section.tsx';
import { OverviewTools } from './overview-tools.tsx';

export function GroupView({ group }: { readonly group: string }) {
  const { language, live } = useApp();
  const groups = live.value?.fleet.groups.value;
  const info = groups?.find((candidate) => candidate.group === group);
  if (groups === undefined) return <Loading text={language.t('overview.loading')} rows={8} />;
  if (info === undefined) {
    return (
      <Message title={language.t('notFound.title')} mood="unknown">
        <p>{language.t('group.unknown', { group: plainText(group, 64) })}</p>
        <a class="button" href="#/">
          {language.t('notFound.next')}
        </a>
      </Message>
    );
  }
  return <KnownGroup key={group} group={group} />;
}

function KnownGroup({ group }: { readonly group: string }) {
  const { live } = useApp();
  const state = useGroup(group);
  const [wanted, setWanted] = useState(everything);
  const devices = useNarrowed([group], wanted).get(group);
  const info = live.value?.fleet.groups.value?.find((candidate) => candidate.group === group);
  const registry = live.value?.registry;
  if (info === undefined) return null;
  return (
    <>
      <OverviewTools wanted={wanted} change={setWanted} shown={devices?.length ?? 0} total={info.devices}>
        <ExportButton
          group={group}
          devices={() => (registry?.list(group).peek() ?? []).map((one) => one.info.peek())}
        />
      </OverviewTools>
      <GroupSection info={info} group={state} devices={devices} level="h1" />
    </>
  );
}
