/**
 * Reads the body of one polling request into a string, bounded in bytes and in time.
 * Ends exactly once, whatever the peer does.
 */
import type { IncomingMessage } from 'node:http';

export type RequestBody =
  | { readonly outcome: 'complete'; readonly text: string; readonly bytes: number }
  | { readonly outcome: 'too large' | 'too slow' | 'aborted' };

export interface BodyLimits {
  readonly maxBytes: number;
  /** 0: no deadline. */
  readonly timeoutMs: number;
}

/** Calls `done` with what became of the body. */
export function readRequestBody(
  request: IncomingMessage,
  limits: BodyLimits,
  done: (body: RequestBody) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer =
    limits.timeoutMs > 0 ? setTimeout(() => finish({ outcome: 'too slow' }), limits.timeoutMs) : undefined;
  timer?.unref();

  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > limits.maxBytes) finish({ outcome: 'too large' });
    else chunks.push(chunk);
  };
  // Decoded as a whole: a character may be split between two chunks.
  const onEnd = (): void => finish({ outcome: 'complete', text: Buffer.concat(chunks).toString(), bytes });
  const onClose = (): void => finish({ outcome: 'aborted' });
  const finish = (body: RequestBody): void => {
    clearTimeout(timer);
    request.off('data', onData).off('end', onEnd).off('close', onClose);
    done(body);
  };

  request.on('data', onData).on('end', onEnd).on('close', onClose);
}
