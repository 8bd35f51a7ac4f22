/** Sessions and login codes in memory, by the hash of their secret. Writes nothing. */
import type { SessionRow } from '#ports';

export class SessionBook {
  readonly #rows = new Map<string, SessionRow>();

  put(row: SessionRow): void {
    this.#rows.set(row.idHash, row);
  }

  live(idHash: string, kind: SessionRow['kind'], nowMs: number): SessionRow | undefined {
    const row = this.#rows.get(idHash);
    return row?.kind === kind && row.expiresAt > nowMs ? row : undefined;
  }

  /** False if it was gone already: of several callers exactly one removes a row. */
  remove(idHash: string): boolean {
    return this.#rows.delete(idHash);
  }

  /** Oldest first. */
  of(tokenId: string, kind?: SessionRow['kind']): readonly SessionRow[] {
    return [...this.#rows.values()]
      .filter((row) => row.tokenId === tokenId && (kind === undefined || row.kind === kind))
      .toSorted((a, b) => a.createdAt - b.createdAt);
  }

  expired(nowMs: number): readonly SessionRow[] {
    return [...this.#rows.values()].filter((row) => row.expiresAt <= nowMs);
  }

  /** Epoch ms of the next end. */
  nextExpiry(): number {
    let next = Infinity;
    for (const row of this.#rows.values()) next = Math.min(next, row.expiresAt);
    return next;
  }
}

/** A session's public name: tells it from others in the log, opens nothing. */
export function sessionIdOf(row: Pick<SessionRow, 'idHash'>): string {
  return `session:${row.idHash.slice(0, 12)}`;
}
