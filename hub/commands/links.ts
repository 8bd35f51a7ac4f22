/** Which way to each device is open now. Of several the one attached last is used: it is the most alive. */
import type { Link } from '#ports';

export class Links {
  readonly #links = new Map<string, Link[]>();

  /** @returns what ends it; calling it again does nothing */
  attach(device: string, link: Link): () => void {
    const links = this.#links.get(device) ?? [];
    this.#links.set(device, links);
    links.push(link);
    return () => {
      const at = links.indexOf(link);
      if (at !== -1) links.splice(at, 1);
      if (links.length === 0 && this.#links.get(device) === links) this.#links.delete(device);
    };
  }

  /** @param names of one device, the one to be preferred first */
  current(names: readonly string[]): Link | undefined {
    for (const name of names) {
      const link = this.#links.get(name)?.at(-1);
      if (link !== undefined) return link;
    }
    return undefined;
  }
}
