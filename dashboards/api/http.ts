/** The hub's HTTP API as this page uses it. Errors arrive as problem+json (RFC 9457) and leave as {@link HttpProblem}. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  /** 0 when the hub could not be reached. */
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

const deadlineMs = 10_000;
/** A piece of a file that the hub has to store. */
const textDeadlineMs = 60_000;

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

export class Http {
  readonly #fetch: Fetch;

  constructor(parts: { fetch: Fetch }) {
    this.#fetch = parts.fetch;
  }

  /** @throws {HttpProblem} */
  async get(path: string): Promise<unknown> {
    return await this.#send(path, { method: 'GET' });
  }

  /** @throws {HttpProblem} */
  async post(path: string, body: object): Promise<unknown> {
    return await this.#sendBody('POST', path, body);
  }

  /** @throws {HttpProblem} */
  async put(path: string, body: object): Promise<unknown> {
    return await this.#sendBody('PUT', path, body);
  }

  /** @throws {HttpProblem} */
  async patch(path: string, body: object): Promise<unknown> {
    return await this.#sendBody('PATCH', path, body);
  }

  /** A text as it is, within a minute. @param signal the reader's own wish to stop @throws {HttpProblem} */
  async postText(path: string, body: string, type: string, signal: AbortSignal): Promise<unknown> {
    const init = { method: 'POST', headers: { 'content-type': type }, body };
    return await this.#send(path, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(textDeadlineMs)]),
    });
  }

  /** An answer whose body the caller reads piece by piece. @param signal holds its deadlines too @throws {HttpProblem} */
  async open(path: string, signal: AbortSignal): Promise<Response> {
    const answer = await this.#reach(path, { method: 'GET', signal });
    if (!answer.ok) throw toProblem(answer.status, await answer.text());
    return answer;
  }

  async #sendBody(method: string, path: string, body: object): Promise<unknown> {
    return await this.#send(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** @throws {HttpProblem} */
  async delete(path: string): Promise<void> {
    await this.#send(path, { method: 'DELETE' });
  }

  async #send(path: string, init: RequestInit): Promise<unknown> {
    const answer = await this.#reach(path, init);
    const text = await answer.text();
    if (!answer.ok) throw toProblem(answer.status, text);
    if (text === '') return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new HttpProblem(answer.status, 'not-json', 'The answer was not JSON.', { cause });
    }
  }

  async #reach(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(path, {
        signal: AbortSignal.timeout(deadlineMs),
        ...init,
        credentials: 'same-origin',
      });
    } catch (cause) {
      throw new HttpProblem(0, 'unreachable', 'The hub could not be reached.', { cause });
    }
  }
}

function toProblem(status: number, text: string): HttpProblem {
  try {
    const { code, title, detail } = JSON.parse(text) as { code?: string; title?: string; detail?: string };
    return new HttpProblem(status, code ?? 'http-error', detail ?? title ?? `HTTP ${status}`);
  } catch (cause) {
    return new HttpProblem(status, 'http-error', `HTTP ${status}`, { cause });
  }
}
