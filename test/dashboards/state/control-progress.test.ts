import { describe, expect, test } from 'vitest';
import type { CommandRecord, CommandState } from '#contract/command.ts';
import { isWaiting, laterProgress, progressOf } from '../../../dashboards/state/control-progress.ts';

const command = (state: CommandState, parts: Partial<CommandRecord> = {}): CommandRecord => ({
  group: 'g',
  id: 'c1',
  device: 'd',
  name: 'relay',
  args: { value: true },
  state,
  principal: 'p',
  requestedBy: 'Ada',
  createdAt: 100,
  deadline: 200,
  waitForDevice: false,
  history: [
    { state: 'queued', at: 100 },
    { state, at: 150 },
  ],
  ...parts,
});

describe('How a control’s command fares', () => {
  test('queued and sent are pending, for a person; accepted still waits', () => {
    expect(progressOf(command('sent'))).toMatchObject({ state: 'pending', target: true, since: 150 });
    expect(isWaiting(progressOf(command('queued')))).toBe(true);
    expect(isWaiting(progressOf(command('accepted')))).toBe(true);
    expect(isWaiting(progressOf(command('succeeded')))).toBe(false);
    expect(isWaiting(undefined)).toBe(false);
  });

  test('a failure says why', () => {
    const failed = command('failed', { error: { code: 'offline', message: 'The device is offline.' } });
    expect(progressOf(failed)).toMatchObject({ state: 'failed', why: 'The device is offline.' });
  });

  test('a final state is never undone by a transition that arrives late', () => {
    const done = progressOf(command('succeeded'));
    expect(laterProgress(done, progressOf(command('sent')))).toBe(done);
  });

  test('of two commands the newer speaks, whichever arrives last', () => {
    const older = progressOf(command('failed'));
    const newer = progressOf(command('sent', { id: 'c2', createdAt: 120 }));
    expect(laterProgress(older, newer)).toBe(newer);
    expect(laterProgress(newer, older)).toBe(newer);
  });

  test('a command of this page is known by its id, though the clocks of page and hub differ', () => {
    const mine = { ...progressOf(command('queued')), createdAt: 999_999 };
    expect(laterProgress(mine, progressOf(command('succeeded'))).state).toBe('succeeded');
  });
});
