/**
 * One device's way to the hub: connects, sends its outbox oldest first, and starts over when the connection ends.
 * Which protocol, the {@link Connector} knows.
 */
import type { CommandAnswer } from '#contract/command.ts';
import type { Clock } from '../clock.ts';
import { sleep } from '../clock.ts';
import type { DeviceCommand, DeviceMessage } from '../messages.ts';
import type { Tally } from '../tally.ts';
import { Backoff } from './backoff.ts';
import { ackTimeoutMs, closeTimeoutMs } from './connector.ts';
import type { Connection, Connector, Outcome } from './connector.ts';
import { Outbox } from './outbox.ts';
import type { Entry } from './outbox.ts';

/** Messages under way at once: enough to drain an hour's outage in seconds. */
const window = 20;
/** An hour at one message per second. */
const defaultCapacity = 3600;

export interface DeviceLinkParts {
  readonly connector: Connector;
  readonly clock: Clock;
  /** In [0, 1): the jitter. */
  readonly random: () => number;
  readonly tally: Tally;
  readonly onCommand: (command: DeviceCommand) => CommandAnswer;
  /** Messages kept while the hub is away. */
  readonly capacity?: number;
  /** Why an attempt failed or a connection ended: for whoever watches. */
  readonly onTrouble?: (reason: string) => void;
}

export class DeviceLink {
  readonly #parts: DeviceLinkParts;
  readonly #outbox: Outbox;
  readonly #backoff: Backoff;
  #connection: Connection | undefined;
  #stopped = false;
  #connectedBefore = false;
  #pausedUntilMs = 0;
  #cancelTimer: () => void = () => {};
  #cancelAckTimer: () => void = () => {};
  #cancelPause: () => void = () => {};

  constructor(parts: DeviceLinkParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.random);
    this.#outbox = new Outbox({
      capacity: parts.capacity ?? defaultCapacity,
      onOverflow: () => parts.tally.count('overflowed'),
    });
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** Messages that the hub has not yet answered. */
  get waiting(): number {
    return this.#outbox.size;
  }

  start(): void {
    void this.#connect();
  }

  send(message: DeviceMessage): void {
    this.#outbox.add(message);
    this.#pump();
  }

  /** Gives what waits a moment to be acknowledged, then says farewell. */
  async stop(): Promise<void> {
    const { clock } = this.#parts;
    const deadlineMs = clock.monotonicMs() + closeTimeoutMs;
    while (this.#connection && this.#outbox.size > 0 && clock.monotonicMs() < deadlineMs)
      await sleep(clock, 20);
    this.#stopped = true;
    this.#cancelTimer();
    this.#cancelAckTimer();
    this.#cancelPause();
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  async #connect(): Promise<void> {
    let connection: Connection | undefined;
    let lostEarly: string | undefined;
    const listener = {
      onCommand: (command: DeviceCommand) => this.#perform(command),
      onLost: (reason: string) => {
        if (connection === undefined) lostEarly = reason;
        else this.#lose(connection, reason);
      },
    };
    try {
      connection = await this.#parts.connector.connect(listener);
    } catch (error) {
      lostEarly = reasonOf(error);
    }
    if (connection === undefined || lostEarly !== undefined) {
      connection?.abort();
      this.#retryLater(lostEarly ?? 'the connection ended');
      return;
    }
    if (this.#stopped) {
      await connection.close();
      return;
    }
    if (this.#connectedBefore) this.#parts.tally.count('reconnects');
    this.#connectedBefore = true;
    this.#connection = connection;
    this.#pump();
  }

  /** @param connection the one that ended; only the present one matters */
  #lose(connection: Connection, reason: string): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.#cancelAckTimer();
    connection.abort();
    this.#outbox.rewind();
    this.#retryLater(reason);
  }

  #retryLater(reason: string): void {
    if (this.#stopped) return;
    this.#parts.onTrouble?.(reason);
    this.#cancelTimer = this.#parts.clock.after(this.#backoff.nextMs(), () => void this.#connect());
  }

  #perform(command: DeviceCommand): CommandAnswer {
    this.#parts.tally.count('commands');
    return this.#parts.onCommand(command);
  }

  #pump(): void {
    const { clock, tally } = this.#parts;
    const connection = this.#connection;
    if (connection === undefined || clock.monotonicMs() < this.#pausedUntilMs) return;
    for (let entry = this.#outbox.next(window); entry !== undefined; entry = this.#outbox.next(window)) {
      entry.sentAtMs = clock.monotonicMs();
      tally.count('sent');
      void this.#deliver(connection, entry, entry.sentAtMs);
    }
    this.#watchAcks(connection);
  }

  async #deliver(connection: Connection, entry: Entry, sentAtMs: number): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = await connection.send(entry.message);
    } catch (error) {
      this.#parts.tally.count('retried');
      this.#lose(connection, reasonOf(error));
      return;
    }
    this.#settle(entry, outcome, sentAtMs);
    this.#pump();
  }

  #settle(entry: Entry, outcome: Outcome, sentAtMs: number): void {
    const { tally, clock } = this.#parts;
    this.#backoff.reset();
    if (outcome.kind === 'again') {
      tally.count('retried');
      entry.sentAtMs = undefined;
      this.#pausedUntilMs = clock.monotonicMs() + outcome.afterMs;
      this.#cancelPause();
      this.#cancelPause = clock.after(outcome.afterMs, () => this.#pump());
      return;
    }
    // An answer that came twice, or after its message had to make room, counts once.
    if (!this.#outbox.remove(entry)) return;
    if (outcome.kind === 'refused') tally.count('refused', outcome.code);
    if (outcome.kind !== 'acknowledged') return;
    tally.count('acknowledged');
    tally.latencies.add(clock.monotonicMs() - sentAtMs);
  }

  /** A hub that stays silent is as good as gone: connecting anew is the only way to send again. */
  #watchAcks(connection: Connection): void {
    this.#cancelAckTimer();
    const oldest = this.#outbox.oldestSentAtMs();
    if (oldest === undefined) return;
    const leftMs = oldest + ackTimeoutMs - this.#parts.clock.monotonicMs();
    this.#cancelAckTimer = this.#parts.clock.after(Math.max(0, leftMs), () =>
      this.#lose(connection, 'no acknowledgement in time'),
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
