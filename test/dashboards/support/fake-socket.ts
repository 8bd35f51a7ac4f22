/** A socket without a network: a test connects and cuts it, answers what was asked, and lets the hub speak. */
import type { SocketLike, Timing } from '../../../dashboards/connection/socket-like.ts';
import { ManualClock } from '../../support/manual-clock.ts';

export interface Asked {
  readonly event: string;
  readonly payload: unknown;
  readonly answer: (answer: object) => void;
}

export class FakeSocket implements SocketLike {
  connected = false;
  /** Everything that was asked, oldest first. */
  readonly asked: Asked[] = [];
  readonly #listeners = new Map<string, Set<(...args: never[]) => void>>();
  opened = 0;

  on(event: string, listener: (...args: never[]) => void): void {
    const known = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, known.add(listener));
  }

  off(event: string, listener: (...args: never[]) => void): void {
    this.#listeners.get(event)?.delete(listener);
  }

  emit(event: string, ...args: unknown[]): void {
    const [payload, ack] = args;
    const answer = typeof ack === 'function' ? (ack as (answer: object) => void) : () => undefined;
    this.asked.push({ event, payload, answer });
  }

  connect(): void {
    this.opened += 1;
  }

  disconnect(): void {
    if (this.connected) this.cut('io client disconnect');
  }

  /** The hub accepts the connection. */
  accept(): void {
    this.connected = true;
    this.say('connect');
  }

  cut(reason = 'transport close'): void {
    this.connected = false;
    this.say('disconnect', reason);
  }

  /** The hub says something. */
  say(event: string, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(args as never[]));
  }

  /** Answers the newest request of this name that is still open, and lets what hangs on it run. */
  async answer(event: string, answer: object): Promise<void> {
    const asked = this.asked.findLast((one) => one.event === event);
    if (asked === undefined) throw new Error(`Nobody asked for ${event}.`);
    asked.answer({ ok: true, ...answer });
    await settled();
  }

  payloads(event: string): unknown[] {
    return this.asked.filter((one) => one.event === event).map(({ payload }) => payload);
  }
}

/** Lets promises that are ready run to their end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

export class ManualTiming implements Timing {
  readonly clock = new ManualClock();

  now(): number {
    return this.clock.nowUs() / 1000;
  }

  after(ms: number, fn: () => void): () => void {
    return this.clock.after(ms, fn);
  }
}
