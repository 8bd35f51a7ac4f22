/**
 * The one decision: may this principal do this, there? Pure; the rights of the roles are the table in
 * `contract/access.ts`, the scope is the principal's own groups, device and topic filters.
 */
import { grants, type Action, type Principal, type Target } from '#contract/access.ts';
import { covers } from '#contract/topic-filters.ts';

/**
 * A target without group, device and topic is the hub as a whole: open only to principals of all groups, except
 * for `hub:read`, which tells nothing of any group.
 */
export function may(principal: Principal, action: Action, target: Target): boolean {
  if (!grants[principal.role].includes(action)) return false;
  const { group, device, topic } = target;
  if (topic !== undefined && !opensTopic(principal, topic)) return false;
  if (group !== undefined) return opensGroup(principal, group) && opensDevice(principal, device);
  if (device !== undefined) return false;
  if (topic !== undefined || action === 'hub:read') return true;
  return principal.groups === '*' && principal.role !== 'device' && principal.role !== 'gateway';
}

function opensGroup({ groups }: Principal, group: string): boolean {
  return groups === '*' || groups.includes(group);
}

/** A device is itself and nothing else: not even its group as a whole. */
function opensDevice(principal: Principal, device: string | undefined): boolean {
  if (principal.role !== 'device') return true;
  return device !== undefined && device === principal.device && principal.groups !== '*';
}

function opensTopic(principal: Principal, topic: string): boolean {
  if (principal.role === 'admin') return principal.groups === '*';
  if (principal.role !== 'gateway') return false;
  return (principal.topicFilters ?? []).some((filter) => covers(filter, topic));
}
