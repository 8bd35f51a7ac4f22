/** The routes of the hub that have no Socket.IO event of their own. */
import type { Action, Role } from '#contract/access.ts';
import type { HubStatus } from '#contract/status.ts';
import { HttpProblem } from './http.ts';
import type { Http } from './http.ts';

/** Who this page is logged in as. */
export interface WhoAmI {
  readonly name: string;
  readonly role: Role;
  readonly groups: '*' | readonly string[];
  readonly actions: readonly Action[];
}

/** A topic that nothing mapped, with its last payload. */
export interface InboxEntry {
  readonly topic: string;
  readonly payload: string;
  /** How `payload` is written: bytes that are no text come as base64. */
  readonly encoding: 'utf8' | 'base64';
  readonly principal: string;
  readonly why: string;
  readonly count: number;
  /** Epoch ms. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export type Credential = { readonly code: string } | { readonly token: string };

export class HubApi {
  readonly #http: Http;

  constructor(parts: { http: Http }) {
    this.#http = parts.http;
  }

  /** @returns undefined when nobody is logged in @throws {HttpProblem} */
  async whoAmI(): Promise<WhoAmI | undefined> {
    try {
      return (await this.#http.get('/api/v1/session')) as WhoAmI;
    } catch (error) {
      if (error instanceof HttpProblem && error.status === 401) return undefined;
      throw error;
    }
  }

  /** @throws {HttpProblem} 401 when the code or token is wrong, used or expired */
  async logIn(credential: Credential): Promise<WhoAmI> {
    return (await this.#http.post('/api/v1/session', credential)) as WhoAmI;
  }

  async logOut(): Promise<void> {
    await this.#http.delete('/api/v1/session');
  }

  async status(): Promise<HubStatus> {
    return (await this.#http.get('/api/v1/status')) as HubStatus;
  }

  /** Newest first. */
  async inbox(): Promise<readonly InboxEntry[]> {
    const { items } = (await this.#http.get('/api/v1/inbox')) as { readonly items: readonly InboxEntry[] };
    return items.toSorted((a, b) => b.lastSeen - a.lastSeen);
  }
}
