/** Who is logged in at this page, and the way in and out. The credential itself never stays in the page. */
import { signal } from '@preact/signals';
import type { Action } from '#contract/access.ts';
import { HttpProblem } from '../api/http.ts';
import type { Credential, HubApi, WhoAmI } from '../api/hub-api.ts';
import type { Timing } from '../connection/socket-like.ts';

/** `refused`: the credential was wrong, used or expired; `ended`: the session was there and is no more. */
export type SessionPhase = 'checking' | 'out' | 'working' | 'in';
export type SessionTrouble = 'bad-code' | 'bad-token' | 'ended' | 'unreachable' | undefined;

const retryMs = 2000;
/** A session is renewed when this share of what it has left is over; timers hold no longer waits. */
const renewShare = 0.5;
const longestWaitMs = 12 * 3_600_000;
const shortestWaitMs = 1000;

export class Session {
  readonly who = signal<WhoAmI | undefined>(undefined);
  readonly phase = signal<SessionPhase>('checking');
  readonly trouble = signal<SessionTrouble>(undefined);
  readonly #api: HubApi;
  readonly #timing: Timing;
  #cancelRenewal: () => void = () => undefined;

  constructor(parts: { api: HubApi; timing: Timing }) {
    this.#api = parts.api;
    this.#timing = parts.timing;
  }

  may(action: Action): boolean {
    return this.who.value?.actions.includes(action) ?? false;
  }

  /** Finds out who is logged in, again and again until the hub can be reached. */
  async check(): Promise<void> {
    try {
      this.#enter(await this.#api.whoAmI());
    } catch (error) {
      this.#retryLater(error, () => void this.check());
    }
  }

  async logIn(credential: Credential): Promise<void> {
    this.phase.value = 'working';
    try {
      this.#enter(await this.#api.logIn(credential));
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      if (error.status === 0) return this.#retryLater(error, () => void this.logIn(credential));
      await this.#refuse('code' in credential ? 'bad-code' : 'bad-token');
    }
  }

  /** The hub no longer accepts the session. */
  async ended(): Promise<void> {
    if (this.phase.peek() !== 'in') return;
    await this.check();
    if (this.who.peek() === undefined) this.trouble.value = 'ended';
  }

  async logOut(): Promise<void> {
    try {
      await this.#api.logOut();
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      this.trouble.value = 'unreachable';
      return;
    }
    this.#enter(undefined);
  }

  #enter(who: WhoAmI | undefined): void {
    this.trouble.value = undefined;
    this.who.value = who;
    this.#renewLater(who?.expiresAt);
    this.phase.value = who === undefined ? 'out' : 'in';
  }

  #renewLater(expiresAt: number | undefined): void {
    this.#cancelRenewal();
    if (expiresAt === undefined) return;
    const leftMs = (expiresAt - this.#timing.now()) * renewShare;
    const waitMs = Math.max(shortestWaitMs, Math.min(leftMs, longestWaitMs));
    this.#cancelRenewal = this.#timing.after(waitMs, () => void this.#renew(expiresAt));
  }

  /** Live connections stay: the hub only learns that somebody is still here. */
  async #renew(expiresAt: number): Promise<void> {
    try {
      const who = await this.#api.renew();
      if (who !== undefined) return this.#enter(who);
      await this.ended();
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      // Not reached this time; there is half of the rest to try in.
      this.#renewLater(expiresAt);
    }
  }

  /** A used link is no trouble for one who is logged in already: reloading the page must not throw them out. */
  async #refuse(trouble: SessionTrouble): Promise<void> {
    await this.check();
    if (this.who.peek() === undefined) this.trouble.value = trouble;
  }

  #retryLater(error: unknown, again: () => void): void {
    if (!(error instanceof HttpProblem)) throw error;
    this.trouble.value = 'unreachable';
    this.#timing.after(retryMs, again);
  }
}
