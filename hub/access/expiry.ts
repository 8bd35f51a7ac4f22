/**
 * What ends by time alone, told when it does. Looks at least once a minute: the wall clock may jump, so that a timer
 * for the next end would come too late.
 */
import type { Clock, SessionRow } from '#ports';
import type { SessionBook } from './session-book.ts';
import type { TokenBook } from './token-book.ts';

const longestWaitMs = 60_000;

export interface ExpiryParts {
  readonly clock: Clock;
  readonly tokens: TokenBook;
  readonly sessions: SessionBook;
  readonly endedToken: (tokenId: string) => void;
  readonly endedSession: (row: SessionRow) => void;
}

export class Expiry {
  readonly #parts: ExpiryParts;
  /** Tokens whose end was told. */
  #told: ReadonlySet<string> = new Set();
  #cancel: () => void = () => {};

  constructor(parts: ExpiryParts) {
    this.#parts = parts;
  }

  /** Ends whatever has expired since the last time, and comes back for what expires next. */
  sweep(): void {
    const { tokens, sessions, endedToken, endedSession } = this.#parts;
    const nowMs = this.#nowMs();
    const before = this.#told;
    this.#told = tokens.expired(nowMs);
    for (const tokenId of this.#told) if (!before.has(tokenId)) endedToken(tokenId);
    for (const row of sessions.expired(nowMs)) endedSession(row);
    this.schedule();
  }

  /** Something may end earlier than what was waited for. */
  schedule(): void {
    const { clock, tokens, sessions } = this.#parts;
    const nowMs = this.#nowMs();
    const nextMs = Math.min(tokens.nextExpiry(nowMs), sessions.nextExpiry());
    this.#cancel();
    const waitMs = Math.min(Math.max(nextMs - nowMs, 0), longestWaitMs);
    this.#cancel = clock.after(waitMs, () => this.sweep());
  }

  close(): void {
    this.#cancel();
  }

  #nowMs(): number {
    return Math.floor(this.#parts.clock.nowUs() / 1000);
  }
}
