/**
 * Acknowledgements that are due: those of one socket, and those of all receivers of a broadcast.
 */
import type { Adapter, BroadcastFlags, BroadcastOptions } from './adapter.ts';
import type { Packet } from './packet.ts';
import type { Fn } from './typed-events.ts';

export function timeoutError(): Error {
  return new Error('operation has timed out');
}

/**
 * Files the callback of an acknowledgement under its id. With a timeout it takes an error first, and is called
 * exactly once: with the answer or with that error.
 */
export function awaitAck(acks: Map<number, Fn>, id: number, ack: Fn, timeoutMs: number | undefined): void {
  if (timeoutMs === undefined) {
    acks.set(id, ack);
    return;
  }
  const timer = setTimeout(() => {
    acks.delete(id);
    ack(timeoutError());
  }, timeoutMs);
  acks.set(id, (...args) => {
    clearTimeout(timer);
    ack(null, ...args);
  });
}

/** One broadcast whose receivers answer: complete when every server has counted and every client has answered. */
export class BroadcastAck {
  readonly #ack: Fn;
  readonly #adapter: Adapter;
  readonly #flags: BroadcastFlags;
  readonly #responses: unknown[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #servers = -1;
  #serversCounted = 0;
  #clients = 0;

  constructor(ack: Fn, adapter: Adapter, flags: BroadcastFlags) {
    this.#ack = ack;
    this.#adapter = adapter;
    this.#flags = flags;
  }

  send(packet: Packet, target: BroadcastOptions): void {
    let forget: unknown;
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      if (typeof forget === 'function') forget();
      else forgetAcks(this.#adapter, packet.id);
      this.#ack(timeoutError(), this.#flags.expectSingleResponse === true ? null : this.#responses);
    }, this.#flags.timeout);
    forget = this.#adapter.broadcastWithAck(
      packet,
      target,
      (count) => {
        this.#clients += count;
        this.#serversCounted += 1;
        this.#settle();
      },
      (response: unknown) => {
        this.#responses.push(response);
        this.#settle();
      },
    );
    void this.#countServers();
  }

  async #countServers(): Promise<void> {
    try {
      this.#servers = await this.#adapter.serverCount();
    } catch {
      // Without the number of servers the answers cannot be complete: the timeout speaks.
      return;
    }
    this.#settle();
  }

  #settle(): void {
    if (this.#isOver || this.#servers !== this.#serversCounted || this.#responses.length !== this.#clients)
      return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#ack(null, this.#flags.expectSingleResponse === true ? this.#responses[0] : this.#responses);
  }
}

/** Adapters of others keep no list of whom they asked: look at each local socket. */
function forgetAcks(adapter: Adapter, id: number | undefined): void {
  const { nsp } = adapter as unknown as { nsp?: { sockets: Map<string, { acks: Map<number, Fn> }> } };
  if (id === undefined || nsp === undefined) return;
  for (const socket of nsp.sockets.values()) socket.acks.delete(id);
}
