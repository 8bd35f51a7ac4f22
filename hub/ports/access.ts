/** Who may do what: tokens, sessions, rights. Types only. */
import type { Action, Grant, Principal, Target, TokenInfo } from '../contract/access.ts';

export type NewToken = Grant;

/** A JSON Merge Patch (RFC 7396): what is absent stays, `null` removes. */
export type TokenChange = Partial<Pick<Grant, 'name' | 'role' | 'groups'>> & {
  readonly [Key in 'device' | 'topicFilters' | 'expiresAt']?: Grant[Key] | null;
};

export type Credential = { readonly code: string } | { readonly token: string };

export interface MadeToken {
  /** Shown once. */
  readonly secret: string;
  readonly info: TokenInfo;
}

export interface LoginCode {
  readonly code: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

export interface Login {
  readonly secret: string;
  readonly principal: Principal;
}

/** Revoked, expired, logged out; or changed: then who comes back has others. */
export interface EndedRights {
  readonly tokenId: string;
  /** Only this session; absent: everything that the token opened. */
  readonly sessionId?: string;
  readonly isChanged?: true;
}

export interface Access {
  may(principal: Principal, action: Action, target: Target): boolean;
  /** Constant work whether or not the token exists; undefined = unknown, expired or revoked. */
  authenticate(token: string): Principal | undefined;
  /** The principal behind a session cookie's value. */
  session(secret: string): Principal | undefined;
  /** @param address where the request came from, for the audit log @returns the secret, shown once */
  createToken(token: NewToken, by: Principal, address?: string): Promise<MadeToken>;
  /** False if there is no such live token. Sessions made from it fall with it. */
  revokeToken(id: string, by: Principal, address?: string): Promise<boolean>;
  /**
   * What the token and its sessions open from this moment; connections under the old rights end, and who comes back has
   * the new ones. Undefined = there is no such live token.
   * @throws {RequestError} 400 `invalid-token`
   */
  changeToken(
    id: string,
    change: TokenChange,
    by: Principal,
    address?: string,
  ): Promise<TokenInfo | undefined>;
  tokens(): readonly TokenInfo[];
  /** What people call a token, live or not; undefined = there never was such a one. */
  nameOf(tokenId: string): string | undefined;
  /** A login link's code: 24 h, single use, opens a session with the rights of `by`. */
  createLoginCode(by: Principal, address?: string): Promise<LoginCode>;
  /** Exchanges a code or a token for a session. Undefined = not valid (any more). */
  login(credential: Credential, address?: string): Promise<Login | undefined>;
  /**
   * Puts off the end of a session, whose connections stay. Undefined = there is none (any more).
   * @returns the principal with its new `expiresAt`, which the token's own end and 90 days from the login bound
   */
  renew(secret: string): Promise<Principal | undefined>;
  logout(secret: string): Promise<void>;
  /** A principal's rights ended: edges close its connections now. */
  onEnded(listener: (ended: EndedRights) => void): void;
  /**
   * Makes the admin API token on the first start.
   * @param keep gets the secret before the token exists, so that no crash leaves a token whose secret nobody has
   * @param anew also when there are admins: their secrets are lost
   * @returns the secret when it was made now
   */
  bootstrap(keep?: (secret: string) => void, anew?: boolean): Promise<string | undefined>;
}
