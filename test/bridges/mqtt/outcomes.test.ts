import { describe, expect, test } from 'vitest';
import type { Meaning } from '../../../bridges/mqtt/meaning.ts';
import { explain, isNothing, isOnlyReadings } from '../../../bridges/mqtt/outcomes.ts';

const name = { group: 'g', device: 'd' } as const;
const readings = [{ ...name, metric: 'm', value: 1 }];
const problem = { path: '/x', code: 'not-a-value', message: 'Not a value.' };
/** One of each part that a meaning may have beside readings. */
const others: Required<Omit<Meaning, 'decoder' | 'readings' | 'aside'>> = {
  events: [{ ...name, name: 'press' }],
  presence: [{ ...name, presence: 'online' }],
  reported: [{ ...name, state: {} }],
  descriptions: [{ ...name, description: {} }],
  answer: { ...name, id: '1', answer: { ok: true } },
  controls: [{ ...name, controls: [] }],
  answers: [{ id: '1', answer: { ok: true } }],
  past: readings,
  says: [{ topic: 't', payload: 'p' }],
  problems: [problem],
};

describe('a meaning', () => {
  test('is only readings with readings and empty parts', () => {
    expect(isOnlyReadings({ decoder: 'x', readings })).toBe(true);
    expect(isOnlyReadings({ decoder: 'x', readings, events: [], presence: [], says: [] })).toBe(true);
    expect(isOnlyReadings({ decoder: 'x', readings: [] })).toBe(false);
  });

  for (const [part, value] of Object.entries(others))
    test(`is more than readings with ${part}`, () => {
      expect(isOnlyReadings({ decoder: 'x', readings, [part]: value })).toBe(false);
    });

  test('is nothing when there is nothing to store and nothing to tell the registry', () => {
    expect(isNothing({ decoder: 'x', readings: [], problems: [problem] })).toBe(true);
    for (const part of ['events', 'presence', 'reported', 'descriptions'] as const)
      expect(isNothing({ decoder: 'x', [part]: others[part] })).toBe(false);
  });
});

test('a message without anything to keep is rejected by its first problem, else set aside', () => {
  const mistaken: Meaning = { decoder: 'x', problems: [problem] };
  expect(explain(mistaken)).toEqual({
    kind: 'rejected',
    code: 'not-a-value',
    message: 'Not a value.',
    meaning: mistaken,
  });
  expect(explain({ decoder: 'x', aside: 'A command.' })).toMatchObject({
    kind: 'unmapped',
    why: 'A command.',
  });
});
