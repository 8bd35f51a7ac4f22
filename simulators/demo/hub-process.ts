/** The hub as a child: ready means that it says so itself; a death that nobody asked for is told and mended. */
import { sleep } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { DemoError, describeEnd } from './child.ts';
import type { Child } from './child.ts';

/** What is needed of a {@link Child}. */
export type HubChild = Pick<Child, 'pid' | 'hasEnded' | 'ended' | 'lastLines' | 'stop' | 'kill'>;

const readyTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;
/** After this many deaths in a row within `calmMs` of each start, it is not started again. */
const mostDeaths = 5;
const calmMs = 60_000;
const mostDelayMs = 10_000;

export interface HubProcessParts {
  readonly spawn: () => HubChild;
  /** Is the hub with this pid ready? */
  readonly isReady: (pid: number) => Promise<boolean>;
  readonly tell: (line: string) => void;
  readonly clock: Clock;
}

export class HubProcess {
  readonly #parts: HubProcessParts;
  #child: HubChild | undefined;
  #stopping = false;

  constructor(parts: HubProcessParts) {
    this.#parts = parts;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the hub is ready. @throws {DemoError} it ended instead, or took too long */
  async start(stop: AbortSignal): Promise<void> {
    const { spawn, isReady, clock } = this.#parts;
    const child = spawn();
    this.#child = child;
    const deadlineMs = clock.monotonicMs() + readyTimeoutMs;
    while (!(child.pid !== undefined && (await isReady(child.pid)))) {
      stop.throwIfAborted();
      if (child.hasEnded) throw new DemoError(`The hub did not start: ${await lastWords(child)}`);
      if (clock.monotonicMs() > deadlineMs) throw new DemoError('The hub was not ready within 30 s.');
      await sleep(clock, 50);
    }
  }

  /** Starts it again whenever it dies. Settles only when it dies too often. @throws {DemoError} */
  async keepAlive(stop: AbortSignal): Promise<void> {
    const { clock, tell } = this.#parts;
    let deaths = 0;
    while (!stop.aborted) {
      const startedMs = clock.monotonicMs();
      const child = this.#child;
      const end = await child?.ended;
      if (stop.aborted || this.#stopping || end === undefined) return;
      deaths = clock.monotonicMs() - startedMs > calmMs ? 1 : deaths + 1;
      if (deaths >= mostDeaths)
        throw new DemoError(
          `The hub died ${deaths} times in a row; the last words: ${await lastWords(child)}`,
        );
      tell(`The hub (pid ${child?.pid}) died of ${describeEnd(end)}. Starting it again …`);
      await sleep(clock, Math.min(mostDelayMs, 250 * 2 ** (deaths - 1)));
      if (stop.aborted || this.#stopping) return;
      await this.#startAgain(stop);
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#child?.stop(stopTimeoutMs);
  }

  kill(): void {
    this.#child?.kill();
  }

  async #startAgain(stop: AbortSignal): Promise<void> {
    try {
      await this.start(stop);
      this.#parts.tell(`The hub is back (pid ${this.pid}). Watch the charts close their gap.`);
    } catch (error) {
      // A start that failed is a death like any other, and counted as one.
      if (!(error instanceof DemoError) || this.#child?.hasEnded !== true) throw error;
    }
  }
}

async function lastWords(child: HubChild | undefined): Promise<string> {
  if (child === undefined) return 'none';
  const end = await child.ended;
  const words = child.lastLines.findLast((line) => line.trim() !== '');
  return words ?? describeEnd(end);
}
