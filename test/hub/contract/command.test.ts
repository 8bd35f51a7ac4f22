import { describe, expect, test } from 'vitest';
import { commandStates as states, isFinal, mayMove, type CommandState } from '#contract/command.ts';

describe('the life of a command', () => {
  test('five states are final, and nothing moves out of them', () => {
    const final = states.filter(isFinal);
    expect(final).toEqual(['succeeded', 'failed', 'expired', 'superseded', 'cancelled']);
    for (const from of final) for (const to of states) expect(mayMove(from, to)).toBe(false);
  });

  test('no state moves back or to itself', () => {
    const order: readonly CommandState[] = ['queued', 'sent', 'accepted'];
    for (const [index, from] of order.entries())
      for (const to of order.slice(0, index + 1)) expect(mayMove(from, to)).toBe(false);
  });

  test('every open state can expire, fail and be cancelled', () => {
    for (const from of states.filter((state) => !isFinal(state)))
      for (const to of ['expired', 'failed', 'cancelled'] as const) expect(mayMove(from, to)).toBe(true);
  });

  test('a command cannot succeed before it was sent', () => {
    expect(mayMove('queued', 'succeeded')).toBe(false);
    expect(mayMove('queued', 'accepted')).toBe(false);
    expect(mayMove('sent', 'succeeded')).toBe(true);
  });
});
