/** What a list does for the devices it shows: their curves, and their values where the fleet's view cannot hold all. */
import { useEffect } from 'preact/hooks';
import type { GroupState } from '../state/group.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';

const valuesPerSecond = 2;
/** Who scrolls by asks for nothing. */
const settleMs = 150;

export function useShownDevices(group: GroupState | undefined, shown: readonly DeviceState[]): void {
  const { live, timing } = useApp();
  const current = live.value;
  const coversAll = current?.fleet.coversAll.value ?? true;
  const round = current?.sparklines.round.value;
  // Device ids hold no space, so the joined list is as good as the list.
  const names = shown.map(({ device }) => device).join(' ');
  useEffect(() => {
    if (group === undefined || current === undefined || names === '') return;
    let unsubscribe = (): void => undefined;
    const cancel = timing.after(settleMs, () => {
      void current.sparklines.load(group.group, group.channel, shown);
      if (coversAll) return;
      const take = (readings: Parameters<typeof current.registry.note>[0]): void => {
        current.registry.note(readings, group.group);
        current.sparklines.note(readings, group.group);
      };
      unsubscribe = group.channel.subscribe(
        { devices: names.split(' '), mode: 'latest', maxHz: valuesPerSecond },
        {
          reset: ({ latest }) => take(latest),
          readings: take,
          gap: (_reason, latest) => take(latest),
          incomplete: (range) => current.sparklines.incomplete(range),
        },
      );
    });
    return () => {
      cancel();
      unsubscribe();
    };
  }, [group, current, coversAll, names, timing, round]);
}
