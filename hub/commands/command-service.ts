/**
 * Commands from a person to a device: durable, sent at most once, never after the deadline, one final state each.
 * Read `send` first, then `#deliver`. States and their order: `nextStates` in the contract, ARCHITECTURE §6.
 */
import type { Principal } from '#contract/access.ts';
import {
  isFinal,
  type CommandAnswer,
  type CommandMessage,
  type CommandRecord,
  type CommandRequest,
} from '#contract/command.ts';
import type { DeviceName } from '#contract/device.ts';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { CommandQuery, Commands, Committed, Confirmation, Link } from '#ports';
import { asTheyAre, type CommandServiceParts, type Names } from './service-parts.ts';
import { toAuditEntry } from './audit-entry.ts';
import { Confirmations } from './confirmations.ts';
import { deviceOf, HeldCommands } from './held-commands.ts';
import { Links } from './links.ts';
import { offline, OpenCommand } from './open-command.ts';
import { RateLimit } from './rate-limit.ts';
import { fits, sameOrRefuse, toCommand } from './request.ts';

export class CommandService implements Commands {
  readonly #parts: CommandServiceParts;
  readonly #names: Names;
  readonly #rate: RateLimit;
  readonly #links = new Links();
  readonly #held = new HeldCommands();
  readonly #confirmations = new Confirmations();
  readonly #listeners: ((command: CommandRecord) => void)[] = [];

  /** Takes up what a former life of the hub left open. */
  static async open(parts: CommandServiceParts): Promise<CommandService> {
    const service = new CommandService(parts);
    for (const record of await parts.store.open()) await service.#takeUp(record);
    return service;
  }

  private constructor(parts: CommandServiceParts) {
    this.#parts = parts;
    this.#names = parts.names ?? asTheyAre;
    if (parts.told !== undefined) this.#listeners.push(parts.told);
    this.#rate = new RateLimit({ clock: parts.clock, perSecond: limits.commandsPerSecond });
  }

  async send(
    group: string,
    request: CommandRequest,
    principal: Principal,
    address?: string,
  ): Promise<CommandRecord> {
    const id = request.id ?? Buffer.from(this.#parts.random(12)).toString('base64url');
    const command = toCommand(request, { group, id, principal, nowMs: this.#nowMs() });
    const known = this.#held.find(command);
    if (known !== undefined) {
      const stored = await known.stored;
      return sameOrRefuse(command, (await this.get(group, id)) ?? stored);
    }
    const superseded = request.supersede === true ? this.#queuedLike(command) : [];
    this.#checkLimits(command, principal, superseded.length);
    const { created, record, open } = await this.#insert(command, address);
    if (!created) return sameOrRefuse(command, record);
    this.#tell(open);
    for (const older of superseded) await older.takeBack('superseded');
    this.#deliver(open);
    return record;
  }

  async settled(group: string, id: string, waitMs: number): Promise<CommandRecord> {
    const held = this.#held.find({ group, id });
    await held?.stored;
    // Gone by now: it was final already, or its id belonged to a command that is.
    if (held === undefined || this.#held.find({ group, id }) !== held) {
      const stored = await this.get(group, id);
      if (stored === undefined) throw new RequestError(404, 'no-such-command', 'There is no such command.');
      return stored;
    }
    const waited = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(waitMs, waited.resolve);
    await Promise.race([held.open.settled, waited.promise]);
    cancel();
    return held.open.record;
  }

  async answer(group: string, device: string, id: string, answer: CommandAnswer): Promise<boolean> {
    const name = this.#names.resolve({ group, device });
    const held = this.#held.find({ group: name.group, id });
    if (held === undefined || held.open.record.device !== name.device) {
      this.#parts.counters.count('commands', 'answer-to-nothing-open');
      return false;
    }
    return this.#apply(held.open, answer);
  }

  seen({ readings }: Committed): void {
    this.#confirmations.seen(readings);
  }

  attach(group: string, device: string, link: Link): () => void {
    const detach = this.#links.attach(deviceOf({ group, device }), link);
    const waiting = this.#held.ofDevice(deviceOf(this.#names.resolve({ group, device })));
    for (const open of waiting) if (open.record.state === 'queued') this.#deliver(open);
    return detach;
  }

  isBusy(name: DeviceName): boolean {
    return this.#held.ofDevice(deviceOf(name)).length > 0;
  }

  async cancel(group: string, id: string): Promise<CommandRecord> {
    const held = this.#held.find({ group, id });
    await held?.stored;
    const stored = held?.open.record ?? (await this.get(group, id));
    if (stored === undefined) throw new RequestError(404, 'no-such-command', 'There is no such command.');
    if (held !== undefined && (await held.open.takeBack('cancelled'))) return held.open.record;
    if (held?.open.record.state === 'cancelled' || stored.state === 'cancelled') return stored;
    throw new RequestError(
      409,
      'already-sent',
      'The command is on its way or over: it cannot be taken back.',
    );
  }

  async get(group: string, id: string): Promise<CommandRecord | undefined> {
    return this.#parts.store.get(group, id);
  }

  list(group: string, query: CommandQuery): Promise<readonly CommandRecord[]> {
    return this.#parts.store.list(group, query);
  }

  onTransition(listener: (command: CommandRecord) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#held.closeAll();
  }

  /** What was on its way when the hub ended may or may not have happened: say so. What waited goes on waiting. */
  async #takeUp(record: CommandRecord): Promise<void> {
    const open = this.#hold(record, Promise.resolve(record), undefined);
    if (open.record.state !== 'queued')
      await open.move('expired', () => ({
        error: {
          code: 'unknown-outcome',
          message: 'The hub ended while the command was on its way; whether the device ran it is not known.',
        },
      }));
    else if (open.isLate) await open.expire();
  }

  #checkLimits(command: CommandRecord, principal: Principal, leaving: number): void {
    const pending = this.#held.ofDevice(deviceOf(command)).length - leaving;
    if (pending >= limits.commandsPending)
      throw new RequestError(
        429,
        'too-many-pending',
        `The device has ${pending} commands that are not finished; wait for one of them.`,
      );
    const retryAfterMs = this.#rate.take(principal.id);
    if (retryAfterMs === 0) return;
    const message = 'You are sending commands faster than allowed.';
    throw new RequestError(429, 'too-many-commands', message, { retryAfterMs });
  }

  async #insert(
    command: CommandRecord,
    address: string | undefined,
  ): Promise<{ created: boolean; record: CommandRecord; open: OpenCommand }> {
    const inserted = this.#parts.store.insert(command);
    const open = this.#hold(
      command,
      inserted.then((result) => result.command),
      address,
    );
    try {
      const { created, command: record } = await inserted;
      if (!created) this.#drop(open);
      return { created, record, open };
    } catch (error) {
      this.#drop(open);
      throw error;
    }
  }

  #hold(record: CommandRecord, stored: Promise<CommandRecord>, address: string | undefined): OpenCommand {
    const open = new OpenCommand(this.#parts, { record, stored, moved: (moved) => this.#tell(moved) });
    this.#held.put({ open, stored, address });
    return open;
  }

  #drop(open: OpenCommand): void {
    open.close();
    this.#held.forget(open);
  }

  #queuedLike(command: CommandRecord): OpenCommand[] {
    return this.#held
      .ofDevice(deviceOf(command))
      .filter(({ record }) => record.state === 'queued' && record.name === command.name);
  }

  /** Sends at most once: `sent` is durable before the device hears anything. */
  #deliver(open: OpenCommand): void {
    this.#tryDeliver(open).catch((error: unknown) =>
      this.#parts.log.error('A command could not be moved on.', { id: open.record.id, error }),
    );
  }

  async #tryDeliver(open: OpenCommand): Promise<void> {
    if (this.#linkTo(open.record) === undefined) {
      if (!open.record.waitForDevice) await open.move('failed', () => offline);
      return;
    }
    if (open.isLate) return void (await open.expire());
    // False: another call has sent it.
    if (!(await open.move('sent'))) return;
    if (open.isLate) return void (await open.expire());
    const link = this.#linkTo(open.record);
    if (link === undefined) return void (await open.move('failed', () => offline));
    const answer = await this.#handOver(open, link);
    if (answer !== undefined) await this.#apply(open, answer);
  }

  /** Under whichever of its names the device has come. */
  #linkTo(name: DeviceName): Link | undefined {
    return this.#links.current(this.#names.namesOf(name).map(deviceOf));
  }

  async #handOver(open: OpenCommand, link: Link): Promise<CommandAnswer | undefined> {
    const { id, name, args, deadline } = open.record;
    const ttlMs = Math.max(1, Math.floor(deadline - this.#nowMs()));
    const told: CommandMessage = { id, name, args, deadline, ttlMs };
    try {
      this.#awaitConfirmation(open, link.confirmation?.(told));
      return await link.deliver(told, open.ended);
    } catch (error) {
      if (open.ended.aborted) return undefined;
      this.#parts.log.warn('A command could not be handed to its device.', { id, edge: link.edge, error });
      const message = 'The command could not be handed to the device.';
      return { ok: false, error: { code: 'not-delivered', message } };
    }
  }

  #awaitConfirmation(open: OpenCommand, confirmation: Confirmation | undefined): void {
    if (confirmation === undefined) return;
    open.isConfirmedByTelemetry = true;
    const answer = (told: CommandAnswer): void => void this.#apply(open, told);
    this.#confirmations.await(deviceOf(open.record), { confirmation, answer }, open.ended);
  }

  #apply(open: OpenCommand, answer: CommandAnswer): Promise<boolean> {
    if (!answer.ok) {
      const code = answer.error.code.slice(0, 64);
      return open.move('failed', () => ({ error: { code, message: answer.error.message.slice(0, 1000) } }));
    }
    const { result } = answer;
    if (result !== undefined && !fits(result)) {
      this.#parts.counters.count('commands', 'result-too-large');
      return open.move(answer.state ?? 'succeeded');
    }
    return open.move(answer.state ?? 'succeeded', () => (result === undefined ? {} : { result }));
  }

  /** A transition is durable: everybody may know. */
  #tell(open: OpenCommand): void {
    const { record } = open;
    const address = this.#held.find(record)?.address;
    if (isFinal(record.state)) this.#finished(open);
    if (isFinal(record.state) || record.state === 'queued') this.#writeAudit(record, address);
    for (const listener of this.#listeners) listener(record);
  }

  #finished(open: OpenCommand): void {
    const { createdAt, history, state } = open.record;
    this.#held.forget(open);
    this.#parts.counters.count('commands.ended', state);
    this.#parts.timings.observe('command', ((history.at(-1)?.at ?? createdAt) - createdAt) / 1000);
  }

  #writeAudit(record: CommandRecord, address: string | undefined): void {
    const entry = toAuditEntry(record, address);
    this.#parts.audit.append(entry).catch((cause: unknown) => {
      this.#parts.counters.count('commands', 'audit-not-stored');
      this.#parts.log.error('A command is missing from the audit log.', { ...entry, error: cause });
    });
  }

  #nowMs(): number {
    return Math.floor(this.#parts.clock.nowUs() / 1000);
  }
}
