/** A server of canned answers that remembers what it was asked. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StubRequest {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export class HttpStub {
  readonly requests: StubRequest[] = [];
  /** Decides each answer; without it all is well. */
  answer: (request: StubRequest) => StubAnswer = () => ({});
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.once('end', () => {
        const { authorization } = request.headers;
        const seen = { line: `${request.method} ${request.url}`, authorization, body };
        this.requests.push(seen);
        const answer = this.answer(seen);
        response.writeHead(answer.status ?? 200, answer.headers).end(JSON.stringify(answer.body ?? {}));
      });
    });
  }

  static async start(): Promise<HttpStub> {
    const stub = new HttpStub();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
