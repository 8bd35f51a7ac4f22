import { describe, expect, test } from 'vitest';
import type { CommandRequest } from '#contract/command.ts';
import { limits } from '#contract/limits.ts';
import { fits, isRepeat, jsonBytes, toCommand } from '../../../hub/commands/request.ts';
import { operator } from './fake-command-store.ts';

const context = { group: 'home', id: 'c1', principal: operator, nowMs: 1000 };

describe('A command as it is kept', () => {
  test('names who asked and when it is too late', () => {
    expect(toCommand({ device: 'lamp', name: 'relay', args: { value: true }, ttlMs: 500 }, context)).toEqual({
      group: 'home',
      id: 'c1',
      device: 'lamp',
      name: 'relay',
      args: { value: true },
      state: 'queued',
      principal: 'p1',
      requestedBy: 'Ada',
      createdAt: 1000,
      deadline: 1500,
      waitForDevice: false,
      history: [{ state: 'queued', at: 1000 }],
    });
  });

  test('has a deadline also when nobody names one', () => {
    expect(toCommand({ device: 'lamp', name: 'relay' }, context)).toMatchObject({
      args: null,
      deadline: 1000 + limits.commandTtlDefaultMs,
    });
  });

  const wrong: readonly (readonly [string, Partial<CommandRequest>, string])[] = [
    ['an id with spaces', {}, 'not an id'],
    ['an id that is too long', {}, 'x'.repeat(65)],
    ['a device that is no id', { device: '../lamp' }, 'c1'],
    ['a name that is no id', { name: '' }, 'c1'],
    ['no time at all', { ttlMs: 0 }, 'c1'],
    ['a time that is no number', { ttlMs: Number.NaN }, 'c1'],
    ['more than a day', { ttlMs: limits.commandTtlMs + 1 }, 'c1'],
    ['arguments without end', { args: 'x'.repeat(jsonBytes) }, 'c1'],
  ];
  for (const [what, part, id] of wrong)
    test(`is refused: ${what}`, () => {
      expect(() => toCommand({ device: 'lamp', name: 'relay', ...part }, { ...context, id })).toThrow(
        expect.objectContaining({ name: 'RequestError', status: 400, code: 'invalid-command' }),
      );
    });
});

describe('The same command again', () => {
  const known = toCommand({ device: 'lamp', name: 'relay', args: { value: 1 } }, context);
  test('is the same whatever its time to live', () => {
    expect(isRepeat({ ...known, deadline: 9 }, known)).toBe(true);
  });
  for (const part of [{ device: 'fan' }, { name: 'reset' }, { args: { value: 2 } }])
    test(`is another with ${JSON.stringify(part)}`, () => {
      expect(isRepeat({ ...known, ...part }, known)).toBe(false);
    });
});

test('a result is small enough to keep, or not', () => {
  expect(fits('x'.repeat(jsonBytes - 2))).toBe(true);
  expect(fits('x'.repeat(jsonBytes - 1))).toBe(false);
});
