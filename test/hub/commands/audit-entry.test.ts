import { expect, test } from 'vitest';
import { toAuditEntry } from '../../../hub/commands/audit-entry.ts';
import { toCommand } from '../../../hub/commands/request.ts';
import { operator } from './fake-command-store.ts';

test('the audit log says who did what, from where, when, and why it failed', () => {
  const command = toCommand(
    { device: 'lamp', name: 'relay' },
    { group: 'home', id: 'c1', principal: operator, nowMs: 1000 },
  );
  const failed = {
    ...command,
    state: 'failed' as const,
    error: { code: 'offline', message: 'The device is not connected.' },
    history: [...command.history, { state: 'failed' as const, at: 1001 }],
  };
  expect(toAuditEntry(failed, '192.0.2.1')).toEqual({
    at: 1001,
    principal: 'p1',
    address: '192.0.2.1',
    action: 'command:send',
    target: 'home/lamp relay c1',
    outcome: 'failed offline',
  });
});
