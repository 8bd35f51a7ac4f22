/** Access with the real decision over tokens and sessions that the test hands out. */
import type { Principal } from '#contract/access.ts';
import type { Access } from '#ports';
import { may } from '../../../hub/access/may.ts';

type EndedListener = Parameters<Access['onEnded']>[0];

function unused(): never {
  throw new Error('The namespaces never ask for this.');
}

export class FakeAccess implements Access {
  readonly may = may;
  readonly tokenHolders = new Map<string, Principal>();
  readonly sessionHolders = new Map<string, Principal>();
  readonly #listeners: EndedListener[] = [];

  /** @returns the token: the name itself */
  give(name: string, grant: Pick<Principal, 'role' | 'groups'> & Partial<Principal>): string {
    this.tokenHolders.set(name, { id: name, tokenId: name, name, ...grant });
    return name;
  }

  authenticate(token: string): Principal | undefined {
    return this.tokenHolders.get(token);
  }

  session(secret: string): Principal | undefined {
    return this.sessionHolders.get(secret);
  }

  readonly nameOf = unused;

  onEnded(listener: EndedListener): void {
    this.#listeners.push(listener);
  }

  end(ended: Parameters<EndedListener>[0]): void {
    if (ended.isChanged !== true) this.tokenHolders.delete(ended.tokenId);
    for (const listener of this.#listeners) listener(ended);
  }

  readonly createToken = unused;
  readonly revokeToken = unused;
  readonly changeToken = unused;
  readonly tokens = unused;
  readonly createLoginCode = unused;
  readonly login = unused;
  readonly renew = unused;
  readonly logout = unused;
  readonly bootstrap = unused;
}
