/** How a change of the registry reaches dashboards. Pure. */
import type { HubToDashboard } from '#contract/events.ts';
import type { DeviceChange } from '#ports';

type Told = 'device' | 'presence' | 'removed';

/** Undefined: only the counts of its group have changed. */
export function toMessage(
  change: DeviceChange,
): { group: string; event: Told; message: Parameters<HubToDashboard[Told]>[0] } | undefined {
  switch (change.kind) {
    case 'device':
      return { group: change.device.group, event: 'device', message: change.device };
    case 'presence': {
      const { group, device, presence, since } = change;
      return { group, event: 'presence', message: { group, device, presence, since } };
    }
    case 'removed': {
      const { group, device, movedTo } = change;
      return { group, event: 'removed', message: { group, device, ...(movedTo && { movedTo }) } };
    }
    case 'group':
      return undefined;
  }
}
