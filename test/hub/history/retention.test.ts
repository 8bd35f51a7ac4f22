import { describe, expect, test } from 'vitest';
import type { RetentionRule } from '#contract/retention-rules.ts';
import type { RetentionStore } from '#ports';
import { RetentionService } from '../../../hub/history/retention.ts';

class Saved implements RetentionStore {
  rules: readonly RetentionRule[] = [{ group: 'plant', days: 500 }];
  failing: Error | undefined;

  async load(): Promise<readonly RetentionRule[]> {
    return this.rules;
  }

  async save(rules: readonly RetentionRule[]): Promise<void> {
    if (this.failing !== undefined) throw this.failing;
    this.rules = rules;
  }
}

const dayUs = 86_400_000_000;

describe('The retention', () => {
  test('is the default of the settings and the rules of the store', async () => {
    const retention = await RetentionService.open(new Saved(), 400);
    expect(retention.policy()).toEqual({ defaultDays: 400, rules: [{ group: 'plant', days: 500 }] });
    expect(retention.keptUs()).toBe(500 * dayUs);
  });

  test('changes when the store has the change', async () => {
    const store = new Saved();
    const retention = await RetentionService.open(store, 400);
    expect(await retention.change([{ days: null }])).toEqual({ defaultDays: 400, rules: [{ days: null }] });
    expect(retention.keptUs()).toBe(Number.POSITIVE_INFINITY);
    store.failing = new Error('full');
    await expect(retention.change([])).rejects.toThrow('full');
    expect(retention.policy().rules).toEqual([{ days: null }]);
  });
});
