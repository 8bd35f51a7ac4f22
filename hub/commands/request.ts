/** From what somebody asks for to the command as it is kept: checks and defaults. Pure. */
import type { Principal } from '#contract/access.ts';
import type { CommandRecord, CommandRequest } from '#contract/command.ts';
import { RequestError } from '#contract/errors.ts';
import type { Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import { isCommandId, isId } from '#contract/names.ts';

export const jsonBytes = 16 * 1024;

/** @throws {RequestError} a part of the request is not valid */
export function toCommand(
  request: CommandRequest,
  { group, id, principal, nowMs }: { group: string; id: string; principal: Principal; nowMs: number },
): CommandRecord {
  const { device, name, args = null, ttlMs = limits.commandTtlDefaultMs, waitForDevice = false } = request;
  if (!isCommandId(id)) throw invalid('The id is 1 to 64 of A-Z, a-z, 0-9, _ and -.');
  if (!isId(device)) throw invalid('The device id is not valid.');
  if (!isId(name)) throw invalid('The name of a command follows the rule for ids.');
  if (!(ttlMs >= 1 && ttlMs <= limits.commandTtlMs))
    throw invalid(`ttlMs is between 1 and ${limits.commandTtlMs}.`);
  if (!fits(args)) throw invalid(`The arguments are at most ${jsonBytes} bytes.`);
  return {
    group,
    id,
    device,
    name,
    args,
    state: 'queued',
    principal: principal.id,
    requestedBy: principal.name,
    createdAt: nowMs,
    deadline: nowMs + Math.floor(ttlMs),
    waitForDevice,
    history: [{ state: 'queued', at: nowMs }],
  };
}

/** Is this the command that `known` already is? Its id may then be used again: nothing is sent twice. */
export function isRepeat(command: CommandRecord, known: CommandRecord): boolean {
  return (
    command.device === known.device &&
    command.name === known.name &&
    JSON.stringify(command.args) === JSON.stringify(known.args)
  );
}

/** The command that is there already. @throws {RequestError} 409 `id-taken`: it is another one */
export function sameOrRefuse(command: CommandRecord, known: CommandRecord): CommandRecord {
  if (isRepeat(command, known)) return known;
  throw new RequestError(409, 'id-taken', 'Another command of this group has this id.');
}

/** What a device answers is kept only if it is small enough to keep. */
export function fits(value: Json): boolean {
  return Buffer.byteLength(JSON.stringify(value)) <= jsonBytes;
}

function invalid(message: string): RequestError {
  return new RequestError(400, 'invalid-command', message);
}
