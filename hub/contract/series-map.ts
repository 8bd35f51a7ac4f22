/**
 * The series of one device, found by metric and tag set without making a text of both. Pure memory.
 * Whoever looks up many readings in a row asks a {@link TagsKeys} for the key: readings of one line share their tags.
 */
import { tagsKey, type Tags } from './reading.ts';

export class SeriesMap<Item> {
  size = 0;
  readonly #byTags = new Map<string, Map<string, Item>>();

  /** @param tags as `tagsKey` writes them */
  get(metric: string, tags: string): Item | undefined {
    return this.#byTags.get(tags)?.get(metric);
  }

  set(metric: string, tags: string, item: Item): void {
    let items = this.#byTags.get(tags);
    if (items === undefined) this.#byTags.set(tags, (items = new Map()));
    if (!items.has(metric)) this.size += 1;
    items.set(metric, item);
  }

  *values(): Iterable<Item> {
    for (const items of this.#byTags.values()) yield* items.values();
  }
}

/** Remembers the tag set that it was asked for last, which is never changed. */
export class TagsKeys {
  #tags: Tags | undefined;
  #key = '';

  /** As `tagsKey`. */
  of(tags: Tags | undefined): string {
    if (tags === undefined) return '';
    if (tags !== this.#tags) {
      this.#tags = tags;
      this.#key = tagsKey(tags);
    }
    return this.#key;
  }
}
