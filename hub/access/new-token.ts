/** What a token may be made of, and changed to. Pure. */
import type { Grant } from '#contract/access.ts';
import { isGroupId, isId } from '#contract/names.ts';
import { RequestError } from '#contract/errors.ts';
import { isTopicFilter } from '#contract/topic-filters.ts';
import type { NewToken, TokenChange } from '#ports';

const nameChars = 128;
const groupsPerToken = 100;
const filtersPerToken = 64;

/** @throws {RequestError} 400 `invalid-token` with a sentence that says what is wrong */
export function checkNewToken(token: NewToken, nowMs: number): void {
  const wrong = complaints(token, nowMs).find((complaint) => complaint !== undefined);
  if (wrong !== undefined) throw new RequestError(400, 'invalid-token', wrong);
}

/**
 * The grant of a token after a change, a JSON Merge Patch (RFC 7396).
 * @throws {RequestError} 400 `invalid-token`: what would come of it is no token
 */
export function changedGrant(
  { name, role, groups, device, topicFilters, expiresAt }: Grant,
  change: TokenChange,
  nowMs: number,
): Grant {
  const merged = { name, role, groups, device, topicFilters, expiresAt, ...change };
  const grant: Grant = {
    ...merged,
    device: merged.device ?? undefined,
    topicFilters: merged.topicFilters ?? undefined,
    expiresAt: merged.expiresAt ?? undefined,
  };
  checkNewToken(grant, nowMs);
  // Else a person's sessions would become a device's, which have none.
  if (isPerson(role) !== isPerson(grant.role))
    throw new RequestError(400, 'invalid-token', 'A token of a person is never one of a device, nor back.');
  return grant;
}

/** Whether what is open under the one grant may be closed under the other. */
export function opensElsewhere(one: Grant, other: Grant): boolean {
  return scopeOf(one) !== scopeOf(other);
}

function scopeOf({ role, groups, device, topicFilters }: Grant): string {
  return JSON.stringify([role, groups, device, topicFilters]);
}

/** Browser sessions are for people. */
export function isPerson(role: Grant['role']): boolean {
  return role !== 'device' && role !== 'gateway';
}

function complaints(token: NewToken, nowMs: number): readonly (string | undefined)[] {
  const { name, role, groups, device, topicFilters, expiresAt } = token;
  const isDevice = role === 'device';
  return [
    when(name.trim() === '' || name.length > nameChars, `A name has 1 to ${nameChars} characters.`),
    when(groups !== '*' && !areGroups(groups), `\`groups\` is "*" or 1 to ${groupsPerToken} group ids.`),
    when(isDevice && (groups === '*' || groups.length !== 1), 'A device belongs to exactly one group.'),
    when(isDevice && (device === undefined || !isId(device)), 'A device token names its device by its id.'),
    when(!isDevice && device !== undefined, 'Only a device token names a device.'),
    when(role !== 'gateway' && topicFilters !== undefined, 'Only a gateway token has topic filters.'),
    when(!areFilters(topicFilters ?? []), `There are at most ${filtersPerToken} valid MQTT topic filters.`),
    when(expiresAt !== undefined && !(expiresAt > nowMs), '`expiresAt` lies in the past.'),
  ];
}

function when(condition: boolean, complaint: string): string | undefined {
  return condition ? complaint : undefined;
}

function areGroups(groups: readonly string[]): boolean {
  return groups.length > 0 && groups.length <= groupsPerToken && groups.every(isGroupId);
}

function areFilters(filters: readonly string[]): boolean {
  return filters.length <= filtersPerToken && filters.every(isTopicFilter);
}
