/** A command as the stub hub keeps it when it has just been asked for. */
import type { CommandRecord, CommandRequest } from '#contract/command.ts';

const ttlMs = 30_000;

export function queuedCommand(
  group: string,
  id: string,
  { device, name, args = null }: CommandRequest,
  createdAt: number,
): CommandRecord {
  return {
    group,
    id,
    device,
    name,
    args,
    state: 'queued',
    principal: 'stub',
    requestedBy: 'Ada',
    createdAt,
    deadline: createdAt + ttlMs,
    waitForDevice: false,
    history: [{ state: 'queued', at: createdAt }],
  };
}
