/** The devices of several groups that are wanted. Follows their lists; presence follows when it is asked for. */
import { useMemo } from 'preact/hooks';
import type { DeviceInfo, Presence } from '#contract/device.ts';
import { DeviceFilter } from '../format/matching.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';

export interface Wanted {
  readonly text: string;
  readonly presence: Presence | undefined;
}

export const everything: Wanted = { text: '', presence: undefined };

export type Narrowed = ReadonlyMap<string, readonly DeviceState[] | undefined>;

export function useNarrowed(groups: readonly string[], wanted: Wanted): Narrowed {
  const registry = useApp().live.value?.registry;
  const prepared = useMemo(() => new WeakMap<DeviceInfo, string>(), []);
  const filter = useMemo(() => new DeviceFilter(wanted.text), [wanted.text]);
  const isWanted = ({ info }: DeviceState): boolean =>
    (wanted.presence === undefined || info.value.presence === wanted.presence) &&
    filter.matches(info.peek(), prepared);
  const isAll = filter.isEmpty && wanted.presence === undefined;
  return new Map(
    groups.map((group) => {
      const devices = registry?.list(group).value;
      return [group, isAll ? devices : devices?.filter(isWanted)];
    }),
  );
}
