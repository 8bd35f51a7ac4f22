/** Callbacks of packets on their way, in order: each is run once the network took the flush its packet was in. */
import type { SendCallback, Transport } from './transport.ts';

interface Awaited {
  readonly flush: number;
  readonly callback: SendCallback;
}

export class AwaitedCallbacks {
  readonly #awaited: Awaited[] = [];

  get isEmpty(): boolean {
    return this.#awaited.length === 0;
  }

  add(flush: number, callback: SendCallback): void {
    this.#awaited.push({ flush, callback });
  }

  /** The flushes up to this one were taken. */
  run(flush: number, transport: Transport): void {
    for (let next = this.#awaited[0]; next !== undefined && next.flush <= flush; next = this.#awaited[0]) {
      this.#awaited.shift();
      next.callback(transport);
    }
  }
}
