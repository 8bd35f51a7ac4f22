/** Session ids: 20 characters of `[A-Za-z0-9_-]`, 120 random bits; sticky balancers look for exactly that. */
import { randomFillSync } from 'node:crypto';

const idBytes = 15;
const idsPerFill = 128;

/** Fills its pool of random bytes once per 128 ids: a system call each would be the dearest part of a handshake. */
export class SessionIds {
  readonly #pool = Buffer.alloc(idBytes * idsPerFill);
  #used = this.#pool.length;

  next(): string {
    if (this.#used === this.#pool.length) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += idBytes;
    return this.#pool.toString('base64url', start, this.#used);
  }
}

/** Calls one of the two with what `generate` returns, or with what became of its promise. */
export function obtainId(
  generate: () => string | PromiseLike<string>,
  done: (id: string) => void,
  failed: (error: unknown) => void,
): void {
  let id: string | PromiseLike<string>;
  try {
    id = generate();
  } catch (error) {
    return failed(error);
  }
  if (typeof id === 'string') done(id);
  else void settle(id, done, failed);
}

async function settle(
  promised: PromiseLike<string>,
  done: (id: string) => void,
  failed: (error: unknown) => void,
): Promise<void> {
  let id: string;
  try {
    id = await promised;
  } catch (error) {
    return failed(error);
  }
  done(id);
}
