/**
 * Who connects: the token of CONNECT's `auth`, else the session cookie of the handshake (the engine has checked its
 * Origin). A refusal carries a stable code in `data.code`; the official client does not try again after one.
 */
import type { Principal } from '#contract/access.ts';
import type { Access } from '#ports';
import type { ExtendedError, Socket } from '#socketio';

export class ConnectRefusedError extends Error implements ExtendedError {
  override readonly name = 'ConnectRefusedError';
  readonly data: { readonly code: string };
  constructor(code: string, message: string) {
    super(message);
    this.data = { code };
  }
}

/** Unknown and forbidden are alike: this is what the protocol says of a namespace that does not exist. */
export class InvalidNamespaceError extends Error {
  override readonly name = 'InvalidNamespaceError';
  constructor() {
    super('Invalid namespace');
  }
}

/** @throws {ConnectRefusedError} nobody, or nobody any more */
export function principalOf(access: Access, socket: Socket): Principal {
  const principal = findPrincipal(access, socket);
  if (principal !== undefined) return principal;
  throw new ConnectRefusedError('not-authenticated', 'This needs a valid token or a login.');
}

/** @returns undefined for nobody, or nobody any more */
export function findPrincipal(access: Access, { handshake }: Socket): Principal | undefined {
  const { token } = handshake.auth as { readonly token?: unknown };
  if (token !== undefined) return typeof token === 'string' ? access.authenticate(token) : undefined;
  const cookies = parseCookies(handshake.headers.cookie ?? '');
  // Over TLS only the name that browsers protect: a plain one may have been set by a neighbour domain.
  const secret =
    cookies.get('__Host-signalbox_session') ??
    (handshake.secure ? undefined : cookies.get('signalbox_session'));
  return secret === undefined ? undefined : access.session(secret);
}

function parseCookies(header: string): ReadonlyMap<string, string> {
  const pairs = header.split(';').map((pair) => pair.trim().split('=', 2));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}
