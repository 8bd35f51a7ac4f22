/** What the audit log says of a command: who, from where, what, when, and how it ended. Pure. */
import type { CommandRecord } from '#contract/command.ts';
import type { AuditEntry } from '#ports';

export function toAuditEntry(record: CommandRecord, address: string | undefined): AuditEntry {
  const { group, device, name, id, principal, state, error, createdAt, history } = record;
  return {
    at: history.at(-1)?.at ?? createdAt,
    principal,
    address,
    action: 'command:send',
    target: `${group}/${device} ${name} ${id}`,
    outcome: error === undefined ? state : `${state} ${error.code}`,
  };
}
