/** How views reach the state of the page, and how they borrow a group while they show it. */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { App } from '../state/app.ts';
import type { GroupState } from '../state/group.ts';

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('A view was drawn outside of its application.');
  return app;
}

/** The states of these groups, each open for as long as the calling view shows it. */
export function useGroups(groups: readonly string[]): ReadonlyMap<string, GroupState> {
  const live = useApp().live.value;
  const [states, setStates] = useState<ReadonlyMap<string, GroupState>>(new Map());
  // Group ids hold no space, so the joined list is as good as the list.
  const names = groups.join(' ');
  useEffect(() => {
    if (live === undefined || names === '') return;
    const visits = names.split(' ').map((group) => live.groups.visit(group));
    setStates(new Map(visits.map(({ state }) => [state.group, state])));
    return () => {
      for (const { leave } of visits) leave();
    };
  }, [live, names]);
  return states;
}

export function useGroup(group: string): GroupState | undefined {
  return useGroups([group]).get(group);
}
