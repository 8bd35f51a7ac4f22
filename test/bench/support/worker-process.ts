/**
 * A child process that answers requests over IPC, so that a server and its load do not share a processor's account.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #ids = 0;

  constructor(file: string, args: readonly string[] = [], execArgv: readonly string[] = []) {
    this.#child = fork(file, args, { execArgv: [...execArgv] });
    this.#child.on('message', (answer: Answer) => this.#answered(answer));
    this.#child.on('exit', () => {
      for (const waiting of this.#waiting.values())
        waiting.reject(new Error(`${file} ended before it answered.`));
    });
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Calls a function of the child. */
  call<T>(name: string, ...args: unknown[]): Promise<T> {
    const id = (this.#ids += 1);
    this.#child.send({ id, name, args });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #answered({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }
}

/** In the child: answers calls with these functions. */
export function answerCalls(functions: Record<string, (...args: never[]) => unknown>): void {
  const answer = async ({ id, name, args }: { id: number; name: string; args: never[] }): Promise<void> => {
    try {
      process.send?.({ id, value: await functions[name]?.(...args) });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  };
  // A benchmark that is interrupted leaves nothing behind.
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => void answer(message as Parameters<typeof answer>[0]));
}
