/** What an existing network brought, in one sentence: `41 devices from zigbee2mqtt, 12 from tasmota, 3 topics in the inbox`. */
import type { GroupInfo } from './contract/device.ts';

export function arrivalSummary(
  groups: readonly Pick<GroupInfo, 'group' | 'devices'>[],
  inboxTopics: number,
): string {
  const parts = groups
    .filter(({ devices }) => devices > 0)
    .toSorted((a, b) => b.devices - a.devices)
    .map(
      ({ group, devices }, index) => `${index === 0 ? counted(devices, 'device') : devices} from ${group}`,
    );
  if (parts.length === 0) parts.push('no device yet');
  if (inboxTopics > 0) parts.push(`${counted(inboxTopics, 'topic')} in the inbox`);
  return parts.join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
