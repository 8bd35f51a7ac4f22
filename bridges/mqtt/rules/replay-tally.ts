/** Counts what became of messages that were offered again. */
import type { Replayed } from '#contract/mapping.ts';
import type { Outcome } from '../meaning.ts';

export class ReplayTally implements Replayed {
  messages = 0;
  readings = 0;
  readonly left: Record<string, number> = {};

  /** @returns whether nothing of the message has to stay where it was */
  add(outcome: Outcome): 'done' | 'stays' {
    if (outcome.kind !== 'taken') {
      this.leave(outcome.kind === 'unmapped' ? 'unmapped' : outcome.code);
      return 'stays';
    }
    this.readings += outcome.receipt?.accepted ?? 0;
    const [rejection] = outcome.receipt?.rejected ?? [];
    if (rejection === undefined) {
      this.messages += 1;
      return 'done';
    }
    this.leave(rejection.code);
    return 'stays';
  }

  leave(reason: string): void {
    this.left[reason] = (this.left[reason] ?? 0) + 1;
  }
}
