import { describe, expect, test } from 'vitest';
import type { Mapping } from '#contract/mapping.ts';
import { mapToFamily } from '../../../../bridges/mqtt/mapping.ts';
import { RuleBook } from '../../../../bridges/mqtt/rules/rule-book.ts';
import { families } from '../../../../bridges/mqtt/families/all.ts';
import { toContext, toMessage } from '../families/decode.ts';
import { mast } from './support.ts';

const mapping = (id: string, more: Partial<Mapping> = {}): Mapping => ({
  ...mast,
  id,
  createdAt: 1,
  changedAt: 1,
  changedBy: 'Ann',
  ...more,
});

function deviceOf(rules: RuleBook, payload: string, topic = 'mast/7/env'): string | undefined {
  const meaning = mapToFamily(toMessage(topic, payload), families, { ...toContext(), rules });
  return meaning?.readings?.[0]?.device ?? meaning?.aside;
}

describe('several mappings', () => {
  test('the oldest that finds something decides; if none does, the oldest says what it missed', () => {
    const rules = new RuleBook();
    rules.set(mapping('a', { device: 'first' }));
    rules.set(mapping('b', { device: 'second', values: [{ path: '$.u', metric: 'u' }] }));
    expect(deviceOf(rules, '{"t":1,"u":2}')).toBe('first');
    expect(deviceOf(rules, '{"u":2}')).toBe('second');
    expect(deviceOf(rules, '{}')).toContain('$.t');
  });

  test('a change counts at once, also for topics that were seen before', () => {
    const rules = new RuleBook();
    rules.set(mapping('a'));
    expect(deviceOf(rules, '{"t":1}')).toBe('mast-7');
    rules.set(mapping('a', { device: 'other' }));
    expect(deviceOf(rules, '{"t":1}')).toBe('other');
    rules.delete('a');
    expect(deviceOf(rules, '{"t":1}')).toBeUndefined();
  });

  test('a mapping goes before the family: a person knows better', () => {
    const rules = new RuleBook();
    const topic = 'zigbee2mqtt/lamp';
    rules.set(
      mapping('a', { topic: 'zigbee2mqtt/{d}', device: 'mine-{d}', values: [{ path: '$.t', metric: 't' }] }),
    );
    expect(deviceOf(rules, '{"t":1,"linkquality":5}', topic)).toBe('mine-lamp');
  });
});
