/** How a request to the hub can end badly. `code` is stable; the message is for people. */
export class HubRefusedError extends Error {
  override readonly name = 'HubRefusedError';
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  constructor(code: string, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer in time, or no link to ask over: nobody knows whether the hub acted on it. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly code: 'link-offline' | 'link-timeout';
  constructor(code: NoAnswerError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
