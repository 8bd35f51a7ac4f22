/** All tokens in memory, by id. Knows which of them are live; writes nothing. */
import type { Principal, TokenInfo } from '#contract/access.ts';
import type { TokenRow } from '#ports';
import { hashSecret, matchesHash, splitToken } from './secrets.ts';

export class TokenBook {
  readonly #rows = new Map<string, TokenRow>();
  /** Compared with when an id is unknown, so that knowing an id cannot be told by the clock. */
  readonly #decoyHash = hashSecret('decoy');

  put(row: TokenRow): void {
    this.#rows.set(row.id, row);
  }

  find(id: string): TokenRow | undefined {
    return this.#rows.get(id);
  }

  /** The token, unless it is unknown, revoked or expired. */
  live(id: string, nowMs: number): TokenRow | undefined {
    const row = this.#rows.get(id);
    return row !== undefined && isLive(row, nowMs) ? row : undefined;
  }

  /** The live token that this text is. Hashes and compares once, whatever the text is. */
  verify(text: string, nowMs: number): TokenRow | undefined {
    const { id, secret } = splitToken(text);
    const row = this.#rows.get(id);
    const isRight = matchesHash(secret, row?.secretHash ?? this.#decoyHash);
    return row !== undefined && isRight && isLive(row, nowMs) ? row : undefined;
  }

  /** Newest first. */
  list(): readonly TokenInfo[] {
    return [...this.#rows.values()].toSorted((a, b) => b.createdAt - a.createdAt).map(toInfo);
  }

  liveCount(nowMs: number): number {
    return this.#count((row) => isLive(row, nowMs));
  }

  hasLiveAdmin(nowMs: number): boolean {
    return this.#count((row) => row.role === 'admin' && row.groups === '*' && isLive(row, nowMs)) > 0;
  }

  /** Ids of the tokens that ended by time alone. */
  expired(nowMs: number): ReadonlySet<string> {
    const ended = [...this.#rows.values()].filter(
      (row) => row.revokedAt === undefined && !isLive(row, nowMs),
    );
    return new Set(ended.map(({ id }) => id));
  }

  /** Epoch ms of the next end of a live token. */
  nextExpiry(nowMs: number): number {
    let next = Infinity;
    for (const row of this.#rows.values())
      if (isLive(row, nowMs)) next = Math.min(next, row.expiresAt ?? next);
    return next;
  }

  #count(predicate: (row: TokenRow) => boolean): number {
    let count = 0;
    for (const row of this.#rows.values()) if (predicate(row)) count += 1;
    return count;
  }
}

/** Without what could open anything. */
export function toInfo({ secretHash: _hidden, ...info }: TokenRow): TokenInfo {
  return info;
}

export function toPrincipal(row: TokenRow): Principal {
  const { id, name, role, groups, device, topicFilters, expiresAt } = row;
  return {
    id,
    tokenId: id,
    name,
    role,
    groups,
    ...(device === undefined ? {} : { device }),
    ...(topicFilters === undefined ? {} : { topicFilters }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function isLive(row: TokenRow, nowMs: number): boolean {
  return row.revokedAt === undefined && (row.expiresAt === undefined || row.expiresAt > nowMs);
}
