/**
 * Reads the body of one polling request into a string, bounded in bytes and in time.
 * Ends exactly once, whatever the peer does.
 */
import type { IncomingMessage } from 'node:http';
import { DelayedActions } from './heartbeat.ts';
import type { EngineClock } from './heartbeat.ts';

export type RequestBody =
  | { readonly outcome: 'complete'; readonly text: string }
  | { readonly outcome: 'too large' | 'too slow' | 'aborted' };

export interface BodyLimits {
  readonly maxBytes: number;
  /** 0: no deadline. */
  readonly timeoutMs: number;
}

/** Reads bodies; all wait in one list for one timer, as nearly all are complete at once. */
export class BodyReader {
  readonly #maxBytes: number;
  readonly #deadlines: DelayedActions | undefined;

  constructor(limits: BodyLimits, clock: EngineClock) {
    this.#maxBytes = limits.maxBytes;
    this.#deadlines = limits.timeoutMs > 0 ? new DelayedActions(limits.timeoutMs, clock) : undefined;
  }

  /** Calls `done` with what became of the body. */
  read(request: IncomingMessage, done: (body: RequestBody) => void): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > this.#maxBytes) finish({ outcome: 'too large' });
      else chunks.push(chunk);
    };
    const onEnd = (): void => finish({ outcome: 'complete', text: textOf(chunks) });
    const onClose = (): void => finish({ outcome: 'aborted' });
    const callOff = this.#deadlines?.add(() => finish({ outcome: 'too slow' }));
    const finish = (body: RequestBody): void => {
      callOff?.();
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      done(body);
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  }
}

/** Decoded as a whole: a character may be split between two chunks. */
function textOf(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only.toString() : Buffer.concat(chunks).toString();
}
