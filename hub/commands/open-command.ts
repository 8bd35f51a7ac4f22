/**
 * One command that is not final yet. `move` is the only way it changes: one transition after the other, each allowed
 * by the table, each durable before anybody sees it.
 */
import { isFinal, mayMove, type CommandRecord, type CommandState } from '#contract/command.ts';
import type { Clock, CommandStore, Counters, Log } from '#ports';

const retryMs = 1000;

export interface OpenCommandParts {
  readonly store: CommandStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

export type Outcome = Pick<CommandRecord, 'result' | 'error'>;
export const offline: Outcome = {
  error: { code: 'offline', message: 'The device is not connected.' },
};

export class OpenCommand {
  /** Its device does not answer: what it shows afterwards is the answer. */
  isConfirmedByTelemetry = false;
  readonly #parts: OpenCommandParts;
  readonly #moved: (open: OpenCommand) => void;
  readonly #settled = Promise.withResolvers<CommandRecord>();
  readonly #ended = new AbortController();
  #record: CommandRecord;
  #cancelDeadline: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #closed = false;
  /** Transitions follow each other; the first waits until the command itself is stored. */
  #last: Promise<unknown>;

  /** @param stored resolves when the command is in the store */
  constructor(
    parts: OpenCommandParts,
    {
      record,
      stored,
      moved,
    }: { record: CommandRecord; stored: Promise<unknown>; moved: (open: OpenCommand) => void },
  ) {
    this.#parts = parts;
    this.#record = record;
    this.#moved = moved;
    this.#last = stored.catch(() => this.close());
    const leftMs = record.deadline - parts.clock.nowUs() / 1000;
    this.#cancelDeadline = parts.clock.after(Math.max(0, leftMs), () => void this.expire());
  }

  get record(): CommandRecord {
    return this.#record;
  }

  /** Aborts when the command is final (or the hub stops): nobody needs to wait for its device any more. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** The final state. */
  get settled(): Promise<CommandRecord> {
    return this.#settled.promise;
  }

  get isLate(): boolean {
    return this.#parts.clock.nowUs() / 1000 >= this.#record.deadline;
  }

  /**
   * Moves once the transitions before it are durable. A store that fails is asked again until it succeeds.
   * @returns false: the command was in a state from which the table does not lead to `to`
   */
  move(to: CommandState, outcome?: (from: CommandState) => Outcome): Promise<boolean> {
    return this.#then(() => this.#step(to, outcome));
  }

  /** Gives way to a newer one or to a person, unless it is on its way already. */
  takeBack(to: 'superseded' | 'cancelled'): Promise<boolean> {
    return this.#then(async () => this.#record.state === 'queued' && this.#step(to));
  }

  /** The deadline has passed: whatever the device does now, it was not in time. */
  expire(): Promise<boolean> {
    return this.move('expired', (from) => ({ error: this.#whyExpired(from) }));
  }

  /** Nothing moves any more; what is open is found in the store at the next start. */
  close(): void {
    this.#closed = true;
    this.#cancelDeadline?.();
    this.#cancelRetry?.();
    this.#ended.abort(new Error('The hub stops.'));
  }

  #then(step: () => Promise<boolean>): Promise<boolean> {
    const taken = this.#last.then(step);
    this.#last = taken;
    return taken;
  }

  async #step(to: CommandState, outcome: (from: CommandState) => Outcome = () => ({})): Promise<boolean> {
    const from = this.#record.state;
    if (this.#closed || !mayMove(from, to)) return false;
    const at = Math.floor(this.#parts.clock.nowUs() / 1000);
    const next: CommandRecord = {
      ...this.#record,
      ...outcome(from),
      state: to,
      history: [...this.#record.history, { state: to, at }],
    };
    if (!(await this.#store(next, from))) return false;
    this.#record = next;
    this.#moved(this);
    if (isFinal(to)) this.#finish();
    return true;
  }

  async #store(next: CommandRecord, from: CommandState): Promise<boolean> {
    const { store, log, counters } = this.#parts;
    while (!this.#closed) {
      try {
        if (await store.update(next, from)) return true;
        log.error('A command was changed by somebody else.', { group: next.group, id: next.id, from });
        return false;
      } catch (error) {
        counters.count('commands', 'transition-not-stored');
        log.warn('Could not store where a command is; trying again.', { id: next.id, to: next.state, error });
        await this.#pause();
      }
    }
    return false;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(retryMs, resolve);
      this.#cancelRetry = () => {
        cancel();
        resolve();
      };
    });
  }

  #finish(): void {
    this.#cancelDeadline?.();
    this.#settled.resolve(this.#record);
    this.#ended.abort(new Error('The command is final.'));
  }

  #whyExpired(from: CommandState): NonNullable<CommandRecord['error']> {
    if (from === 'queued')
      return { code: 'not-reached', message: 'The device could not be reached before the deadline.' };
    if (from === 'accepted')
      return { code: 'not-finished', message: 'The device accepted the command but did not finish in time.' };
    if (this.isConfirmedByTelemetry)
      return {
        code: 'not-confirmed',
        message: 'The device did not show before the deadline that it did it.',
      };
    return { code: 'no-answer', message: 'The device did not answer before the deadline.' };
  }
}
