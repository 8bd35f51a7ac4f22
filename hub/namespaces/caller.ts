/** Who stands behind a socket: decided once, when it connects, and asked at every event. */
import type { Action, Principal } from '#contract/access.ts';
import type { Access, Source } from '#ports';
import type { Socket } from '#socketio';

/** The namespace of all groups, as `Live` names it. */
export const fleet = '*';

export interface Caller {
  readonly socket: Socket;
  readonly principal: Principal;
  /** The group of the namespace, or {@link fleet}. */
  readonly group: string;
  /** The device that this socket speaks for, if it is only one. */
  readonly device: string | undefined;
  readonly source: Source;
}

/** In the fleet one group that allows it is enough: the answers hold only what the caller may see. */
export function isAllowed(access: Access, { principal, group, device }: Caller, action: Action): boolean {
  if (group !== fleet) return access.may(principal, action, { group, device });
  const targets = principal.groups === '*' ? [{}] : principal.groups.map((granted) => ({ group: granted }));
  return targets.some((target) => access.may(principal, action, target));
}

/** The groups of a request that the caller may see; undefined = all, those to come too. */
export function visibleGroups(
  { groups }: Principal,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  if (groups === '*') return asked;
  return asked === undefined ? groups : asked.filter((group) => groups.includes(group));
}
