/** Ids nobody can guess: 20 characters of base64url, a length that balancers and adapters rely on. */
import { randomFillSync } from 'node:crypto';

const idBytes = 15;
const idsPerFill = 64;

/** Random bytes are fetched for many ids at a time: asking for so few takes longer than getting them. */
export class RandomIds {
  readonly #pool = Buffer.allocUnsafeSlow(idBytes * idsPerFill);
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
