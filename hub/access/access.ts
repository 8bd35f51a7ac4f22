/**
 * Who is asking, and may they? Tokens and sessions live in memory; every change is durable before it is answered.
 * What ends (revoked, expired, logged out) ends in memory and for its live connections first, on disk second.
 */
import type { Principal, TokenInfo } from '#contract/access.ts';
import { RequestError } from '#contract/errors.ts';
import type {
  Access,
  AuditStore,
  Clock,
  Counters,
  Credential,
  EndedRights,
  Log,
  Login,
  LoginCode,
  MadeToken,
  NewToken,
  SessionRow,
  TokenChange,
  TokenRow,
  TokenStore,
} from '#ports';
import { may } from './may.ts';
import { Expiry } from './expiry.ts';
import { changedGrant, checkNewToken, isPerson, opensElsewhere } from './new-token.ts';
import { hashSecret, mintSecret, mintToken, type Random } from './secrets.ts';
import { SessionBook, sessionIdOf } from './session-book.ts';
import { toInfo, TokenBook, toPrincipal } from './token-book.ts';

export interface AccessParts {
  readonly store: TokenStore;
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly counters: Counters;
}

const hourMs = 3_600_000;
const sessionTtlMs = 7 * 24 * hourMs;
/** However often it is renewed. */
const longestSessionMs = 90 * 24 * hourMs;
const loginCodeTtlMs = 24 * hourMs;
const maxLiveTokens = 20_000;
const maxRowsPerToken = { session: 100, 'login-code': 100 } as const;
const lastUsedStepMs = 10 * 60_000;

export class AccessControl implements Access {
  readonly may = may;
  readonly #parts: AccessParts;
  readonly #tokens = new TokenBook();
  readonly #sessions = new SessionBook();
  readonly #listeners: ((ended: EndedRights) => void)[] = [];
  readonly #expiry: Expiry;

  private constructor(parts: AccessParts) {
    this.#parts = parts;
    this.#expiry = new Expiry({
      clock: parts.clock,
      tokens: this.#tokens,
      sessions: this.#sessions,
      endedToken: (tokenId) => this.#tellEnded({ tokenId }),
      endedSession: (row) => this.#inBackground(this.#endSession(row)),
    });
  }

  static async open(parts: AccessParts): Promise<AccessControl> {
    const access = new AccessControl(parts);
    const { tokens, sessions } = await parts.store.load();
    for (const row of tokens) access.#tokens.put(row);
    for (const row of sessions) access.#sessions.put(row);
    access.#expiry.sweep();
    return access;
  }

  authenticate(token: string): Principal | undefined {
    const row = this.#tokens.verify(token, this.#nowMs());
    if (row === undefined) {
      this.#parts.counters.count('access.refused', 'token');
      return undefined;
    }
    this.#noteUse(row);
    return toPrincipal(row);
  }

  session(secret: string): Principal | undefined {
    const row = this.#liveSession(secret);
    return row === undefined ? undefined : this.#principalOf(row);
  }

  async createToken(token: NewToken, by: Principal, address?: string): Promise<MadeToken> {
    if (!may(by, 'token:manage', {}))
      throw new RequestError(403, 'forbidden', 'Only an admin of all groups makes tokens.');
    const nowMs = this.#nowMs();
    checkNewToken(token, nowMs);
    if (this.#tokens.liveCount(nowMs) >= maxLiveTokens)
      throw new RequestError(409, 'too-many-tokens', `There are ${maxLiveTokens} live tokens: revoke some.`);
    const { secret, row } = await this.#storeToken(token);
    await this.#audit(by, 'token:create', row.id, address);
    this.#expiry.schedule();
    return { secret, info: toInfo(row) };
  }

  async revokeToken(id: string, by: Principal, address?: string): Promise<boolean> {
    const nowMs = this.#nowMs();
    const row = this.#tokens.live(id, nowMs);
    if (row === undefined) return false;
    const revoked = { ...row, revokedAt: nowMs };
    this.#tokens.put(revoked);
    const sessions = this.#sessions.of(id);
    for (const session of sessions) this.#sessions.remove(session.idHash);
    this.#tellEnded({ tokenId: id });
    await this.#parts.store.saveToken(revoked);
    for (const session of sessions) await this.#parts.store.deleteSession(session.idHash);
    await this.#audit(by, 'token:revoke', id, address);
    return true;
  }

  async changeToken(
    id: string,
    change: TokenChange,
    by: Principal,
    address?: string,
  ): Promise<TokenInfo | undefined> {
    const row = this.#tokens.live(id, this.#nowMs());
    if (row === undefined) return undefined;
    const changed = { ...row, ...changedGrant(row, change, this.#nowMs()) };
    this.#tokens.put(changed);
    if (opensElsewhere(row, changed)) this.#tellEnded({ tokenId: id, isChanged: true });
    this.#expiry.schedule();
    await this.#parts.store.saveToken(changed);
    await this.#audit(by, 'token:change', id, address);
    return toInfo(changed);
  }

  readonly nameOf = (tokenId: string): string | undefined => this.#tokens.find(tokenId)?.name;

  tokens(): readonly TokenInfo[] {
    return this.#tokens.list();
  }

  async createLoginCode(by: Principal, address?: string): Promise<LoginCode> {
    const { text, row } = await this.#storeSecret('login-code', by.tokenId, loginCodeTtlMs);
    await this.#audit(by, 'login-code:create', by.tokenId, address);
    return { code: text, expiresAt: row.expiresAt };
  }

  async login(credential: Credential, address?: string): Promise<Login | undefined> {
    const nowMs = this.#nowMs();
    const isCode = 'code' in credential;
    const token = isCode ? await this.#redeem(credential.code) : this.#tokens.verify(credential.token, nowMs);
    if (token === undefined || !isPerson(token.role)) {
      this.#parts.counters.count('access.refused', isCode ? 'login-code' : 'login-token');
      return undefined;
    }
    const { text, row } = await this.#storeSecret('session', token.id, sessionTtlMs, token.expiresAt);
    const principal = this.#principalOf(row);
    if (principal === undefined) return undefined;
    await this.#audit(principal, 'session:create', token.id, address);
    return { secret: text, principal };
  }

  async renew(secret: string): Promise<Principal | undefined> {
    const row = this.#liveSession(secret);
    const token = row && this.#tokens.live(row.tokenId, this.#nowMs());
    if (row === undefined || token === undefined) return undefined;
    const latest = Math.min(row.createdAt + longestSessionMs, token.expiresAt ?? Infinity);
    const renewed = { ...row, expiresAt: Math.min(this.#nowMs() + sessionTtlMs, latest) };
    // In memory first: should it end meanwhile, its deletion is written after this.
    this.#sessions.put(renewed);
    this.#expiry.schedule();
    await this.#parts.store.saveSession(renewed);
    return this.#principalOf(renewed);
  }

  async logout(secret: string): Promise<void> {
    const row = this.#liveSession(secret);
    if (row === undefined) return;
    const principal = this.#principalOf(row);
    await this.#endSession(row);
    if (principal !== undefined) await this.#audit(principal, 'session:end', row.tokenId);
  }

  onEnded(listener: (ended: EndedRights) => void): void {
    this.#listeners.push(listener);
  }

  async bootstrap(keep: (secret: string) => void = () => {}, anew = false): Promise<string | undefined> {
    if (!anew && this.#tokens.hasLiveAdmin(this.#nowMs())) return undefined;
    const { secret, row } = await this.#storeToken({ name: 'admin', role: 'admin', groups: '*' }, keep);
    await this.#audit(toPrincipal(row), 'token:create', row.id);
    this.#parts.log.info('Made the admin token of this hub.', { tokenId: row.id });
    return secret;
  }

  /** Stops the timer. Nothing else is held. */
  close(): void {
    this.#expiry.close();
  }

  async #storeToken(
    token: NewToken,
    keep: (secret: string) => void = () => {},
  ): Promise<{ readonly secret: string; readonly row: TokenRow }> {
    const minted = mintToken(this.#parts.random);
    keep(minted.text);
    const row: TokenRow = { ...token, id: minted.id, secretHash: minted.hash, createdAt: this.#nowMs() };
    await this.#parts.store.saveToken(row);
    this.#tokens.put(row);
    return { secret: minted.text, row };
  }

  async #storeSecret(
    kind: SessionRow['kind'],
    tokenId: string,
    ttlMs: number,
    notAfterMs = Infinity,
  ): Promise<{ readonly text: string; readonly row: SessionRow }> {
    const minted = mintSecret(this.#parts.random);
    const createdAt = this.#nowMs();
    const expiresAt = Math.min(createdAt + ttlMs, notAfterMs);
    const row: SessionRow = { idHash: minted.hash, kind, tokenId, createdAt, expiresAt };
    await this.#parts.store.saveSession(row);
    this.#sessions.put(row);
    const tooMany = this.#sessions.of(tokenId, kind).slice(0, -maxRowsPerToken[kind]);
    for (const oldest of tooMany) await this.#endSession(oldest);
    this.#expiry.schedule();
    return { text: minted.text, row };
  }

  /** The token behind a login code, for exactly one caller. */
  async #redeem(code: string): Promise<TokenRow | undefined> {
    const idHash = hashSecret(code);
    const row = this.#sessions.live(idHash, 'login-code', this.#nowMs());
    if (row === undefined || !this.#sessions.remove(idHash)) return undefined;
    if (!(await this.#parts.store.deleteSession(idHash))) return undefined;
    return this.#tokens.live(row.tokenId, this.#nowMs());
  }

  #liveSession(secret: string): SessionRow | undefined {
    return this.#sessions.live(hashSecret(secret), 'session', this.#nowMs());
  }

  /** A session has the rights of its token, as long as that lives. */
  #principalOf(row: SessionRow): Principal | undefined {
    const token = this.#tokens.live(row.tokenId, this.#nowMs());
    return token && { ...toPrincipal(token), id: sessionIdOf(row), expiresAt: row.expiresAt };
  }

  async #endSession(row: SessionRow): Promise<void> {
    if (!this.#sessions.remove(row.idHash)) return;
    if (row.kind === 'session') this.#tellEnded({ tokenId: row.tokenId, sessionId: sessionIdOf(row) });
    await this.#parts.store.deleteSession(row.idHash);
  }

  #tellEnded(ended: EndedRights): void {
    for (const listener of this.#listeners) {
      try {
        listener(ended);
      } catch (error) {
        // The others must hear of it all the same.
        this.#parts.log.error('Could not end the connections of a principal.', { ...ended, error });
      }
    }
  }

  #noteUse(row: TokenRow): void {
    const nowMs = this.#nowMs();
    if (nowMs - (row.lastUsedAt ?? 0) < lastUsedStepMs) return;
    const used = { ...row, lastUsedAt: nowMs };
    this.#tokens.put(used);
    this.#inBackground(this.#parts.store.saveToken(used));
  }

  /** Housekeeping that nobody waits for; it is repeated by itself. */
  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#parts.counters.count('access.housekeeping-failed', 'store');
      this.#parts.log.warn('Could not write the state of a token or session.', { error });
    });
  }

  /** An action of an admin that cannot be recorded fails. */
  #audit(by: Principal, action: string, target: string, address?: string): Promise<void> {
    return this.#parts.audit.append({
      at: this.#nowMs(),
      principal: by.id,
      ...(address !== undefined && { address }),
      action,
      target,
      outcome: 'ok',
    });
  }

  #nowMs(): number {
    return Math.floor(this.#parts.clock.nowUs() / 1000);
  }
}
