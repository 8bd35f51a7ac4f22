/** The store's two worker threads as the hub's thread sees them: typed calls, answered or refused. */
import { Worker } from 'node:worker_threads';
import { TryAgainError } from '#contract/errors.ts';
import type { RetentionRule } from '#contract/retention-rules.ts';
import type { Clock } from '#ports';
import type { BrokenMessage, CallDone, FromThread, ReadyMessage, ToThread } from './messages.ts';
import type { ReaderCalls } from './reader.ts';
import type { RecordWrites } from './record-writes.ts';

/** What the writer answers by name. */
export type WriterCalls = RecordWrites & {
  merge(): void;
  moveCursor(offset: number, sinceMs: number): number;
  setRetention(rules: readonly RetentionRule[]): void;
};
export type WriterThread = Thread<WriterCalls>;
export type ReaderThread = Thread<ReaderCalls>;

/** Long enough for a query over everything on a slow disk; shorter than what an edge waits. */
const callDeadlineMs = 30_000;

export interface ThreadOptions {
  readonly workerData: unknown;
  /** Where what is short-lived lies: small keeps a thread cheap, large spares it collections. */
  readonly nurseryMb: number;
  readonly clock: Clock;
  /** Everything that answers no call. */
  readonly onMessage: (message: Exclude<FromThread, CallDone>) => void;
  /** It ended without being asked to: nothing will be answered any more. */
  readonly onLost: (why: string) => void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly cancelDeadline: () => void;
}

export class Thread<Named extends object> {
  readonly #worker: Worker;
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #calls = 0;
  #lost: string | undefined;
  #closing = false;
  #onReady: ((message: ReadyMessage | BrokenMessage) => void) | undefined;

  constructor(file: URL, options: ThreadOptions) {
    this.#options = options;
    this.#worker = new Worker(file, {
      workerData: options.workerData,
      name: file.pathname.split('/').at(-1) ?? '',
      resourceLimits: { maxYoungGenerationSizeMb: options.nurseryMb },
    });
    this.#worker.on('message', (message: ReadyMessage | BrokenMessage | readonly FromThread[]) => {
      if ('kind' in message) this.#onReady?.(message);
      // `node --watch` sends messages of its own through the same port.
      else if (Array.isArray(message)) for (const each of message) this.#receive(each);
    });
    this.#worker.on('error', (error) => this.#lose(error instanceof Error ? error.message : String(error)));
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#lose('it ended');
        resolve();
      });
    });
  }

  /** @throws {Error} it could not open the file: a sentence for the operator */
  async ready(): Promise<ReadyMessage> {
    const first = await new Promise<ReadyMessage | BrokenMessage>((resolve) => {
      this.#onReady = resolve;
      void this.#ended.then(() => resolve({ kind: 'broken', why: this.#lost ?? 'it ended' }));
    });
    if (first.kind === 'ready') return first;
    this.#closing = true;
    await this.#worker.terminate();
    throw new Error(first.why);
  }

  call<Name extends keyof Named & string>(
    name: Name,
    ...args: Named[Name] extends (...args: infer Args) => unknown ? Args : never
  ): Promise<Named[Name] extends (...args: never[]) => infer Result ? Result : never> {
    if (this.#lost !== undefined) return Promise.reject(this.#unavailable(this.#lost));
    const call = (this.#calls += 1);
    return new Promise((resolve, reject) => {
      const cancelDeadline = this.#options.clock.after(callDeadlineMs, () => {
        this.#waiting.delete(call);
        reject(this.#unavailable('it takes too long'));
      });
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject, cancelDeadline });
      this.post({ kind: 'call', call, name, args });
    });
  }

  post(message: ToThread, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Everything posted before is done when this resolves. */
  async close(): Promise<void> {
    this.#closing = true;
    this.post({ kind: 'close' });
    await this.#ended;
  }

  #receive(message: FromThread): void {
    if (message.kind !== 'answer' && message.kind !== 'refusal') return this.#options.onMessage(message);
    const waiting = this.#waiting.get(message.call);
    if (waiting === undefined) return;
    this.#waiting.delete(message.call);
    waiting.cancelDeadline();
    if (message.kind === 'answer') waiting.resolve(message.value);
    else waiting.reject(this.#unavailable(message.why));
  }

  #lose(why: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = why;
    for (const { reject, cancelDeadline } of this.#waiting.values()) {
      cancelDeadline();
      reject(this.#unavailable(why));
    }
    this.#waiting.clear();
    if (!this.#closing) this.#options.onLost(why);
  }

  #unavailable(why: string): TryAgainError {
    return new TryAgainError('store-unavailable', `The store does not answer now (${why}); try again later.`);
  }
}
