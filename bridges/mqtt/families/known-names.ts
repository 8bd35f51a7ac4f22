/**
 * Names that have shown themselves, of devices or of topics, so that what proves nothing alone can be told by them.
 * Bounded: who was first heard longest ago is forgotten first.
 */
import { limits } from '#contract/limits.ts';

export class KnownNames {
  readonly #known = new Set<string>();

  /** Each family has names of its own. */
  has(family: string, name: string): boolean {
    return this.#known.size > 0 && this.#known.has(`${family} ${name}`);
  }

  tell(family: string, name: string): void {
    const key = `${family} ${name}`;
    if (this.#known.has(key)) return;
    const [oldest] = this.#known;
    if (this.#known.size >= limits.devicesPerGroup && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(key);
  }
}
