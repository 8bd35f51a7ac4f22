/** Tag sets as they enter: checked, their keys in order. Readings of one line share theirs, which is looked at once. */
import type { Tags } from '#contract/reading.ts';
import { checkTags, sortTags, type Problem } from './validate.ts';

export interface JudgedTags {
  readonly problem: Problem | undefined;
  readonly tags: Tags | undefined;
}

const none: JudgedTags = { problem: undefined, tags: undefined };

export class TagSets {
  #tags: Tags | undefined;
  #judged = none;

  judge(tags: Tags | undefined): JudgedTags {
    if (tags === undefined) return none;
    if (tags !== this.#tags) {
      this.#judged = { problem: checkTags(tags), tags: sortTags(tags) };
      this.#tags = tags;
    }
    return this.#judged;
  }
}
