/** A store of tokens in memory that keeps what is written, and can be made to fail. */
import type { AuditEntry, AuditQuery, AuditRow, AuditStore, SessionRow, TokenRow, TokenStore } from '#ports';

export class MemoryTokenStore implements TokenStore {
  readonly tokens = new Map<string, TokenRow>();
  readonly sessions = new Map<string, SessionRow>();
  failing: Error | undefined;

  async load(): Promise<{ tokens: readonly TokenRow[]; sessions: readonly SessionRow[] }> {
    return { tokens: [...this.tokens.values()], sessions: [...this.sessions.values()] };
  }

  async saveToken(token: TokenRow): Promise<void> {
    if (this.failing !== undefined) throw this.failing;
    this.tokens.set(token.id, token);
  }

  async saveSession(session: SessionRow): Promise<void> {
    if (this.failing !== undefined) throw this.failing;
    this.sessions.set(session.idHash, session);
  }

  async deleteSession(idHash: string): Promise<boolean> {
    if (this.failing !== undefined) throw this.failing;
    return this.sessions.delete(idHash);
  }
}

export class MemoryAudit implements AuditStore {
  readonly entries: AuditEntry[] = [];
  failing: Error | undefined;

  async append(entry: AuditEntry): Promise<void> {
    if (this.failing !== undefined) throw this.failing;
    this.entries.push(entry);
  }

  async list(
    limit: number,
    { before = Infinity, principal, action }: AuditQuery = {},
  ): Promise<readonly AuditRow[]> {
    const rows = this.entries.map((entry, index) => ({ id: index + 1, ...entry }));
    return rows
      .toReversed()
      .filter(
        (row) =>
          row.id < before &&
          row.principal === (principal ?? row.principal) &&
          row.action.startsWith(action ?? ''),
      )
      .slice(0, limit);
  }
}
