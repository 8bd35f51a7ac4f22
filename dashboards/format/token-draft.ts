/** What a token opens, as it is typed. Pure. */
import type { Grant, Role, TokenInfo } from '#contract/access.ts';

export interface TokenDraft {
  readonly name: string;
  readonly role: Role;
  /** Ids with commas or spaces between them; empty = all. */
  readonly groups: string;
  readonly device: string;
  /** MQTT topic filters, one a line. */
  readonly filters: string;
  /** From now; empty = it never ends; {@link sameEnd} = when it ends now. */
  readonly days: string;
}

/** A JSON Merge Patch (RFC 7396): `null` removes. */
export type TokenPatch = {
  readonly [Key in 'name' | 'role' | 'groups' | 'device' | 'topicFilters' | 'expiresAt']?: Grant[Key] | null;
};

export const sameEnd = 'same';
export const dayMs = 86_400_000;
export const emptyDraft: TokenDraft = {
  name: '',
  role: 'viewer',
  groups: '',
  device: '',
  filters: '',
  days: '',
};

export function tokenDraftOf({ name, role, groups, device, topicFilters, expiresAt }: TokenInfo): TokenDraft {
  return {
    name,
    role,
    groups: groups === '*' ? '' : groups.join(', '),
    device: device ?? '',
    filters: topicFilters?.join('\n') ?? '',
    days: expiresAt === undefined ? '' : sameEnd,
  };
}

/** @param nowMs epoch ms, from which `days` count */
export function grantOf(draft: TokenDraft, nowMs: number): Grant {
  const { name, role, days } = draft;
  const groups = parts(draft.groups, /[\s,]+/);
  const topicFilters = role === 'gateway' ? parts(draft.filters, /\n/) : [];
  return {
    name: name.trim(),
    role,
    groups: groups.length === 0 ? '*' : groups,
    ...(role === 'device' ? { device: draft.device.trim() } : {}),
    ...(topicFilters.length === 0 ? {} : { topicFilters }),
    ...(days === '' ? {} : { expiresAt: nowMs + Number(days) * dayMs }),
  };
}

/** @returns only what is to change; of a role that has no device or topic filters, theirs goes */
export function tokenPatchOf(token: TokenInfo, draft: TokenDraft, nowMs: number): TokenPatch {
  const wanted = grantOf(draft, nowMs);
  const expiresAt = draft.days === sameEnd ? token.expiresAt : wanted.expiresAt;
  const { name, role, groups, device = null, topicFilters = null } = wanted;
  const all = { name, role, groups, device, topicFilters, expiresAt: expiresAt ?? null };
  const before = token as TokenPatch;
  const isChanged = ([key, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(before[key as keyof TokenPatch] ?? null);
  return Object.fromEntries(Object.entries(all).filter(isChanged));
}

function parts(text: string, between: RegExp): readonly string[] {
  return text
    .split(between)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
