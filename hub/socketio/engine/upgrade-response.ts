/**
 * What middleware gets as the response of an upgrade request: its headers go into the `101`,
 * and a middleware that ends it refuses the upgrade.
 */
import { STATUS_CODES } from 'node:http';
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';

type HeaderValue = string | number | readonly string[];

export class UpgradeResponse extends EventEmitter {
  statusCode = 200;
  statusMessage: string | undefined = undefined;
  headersSent = false;
  writableEnded = false;
  readonly req: unknown;
  readonly #socket: Duplex;
  readonly #headers = new Map<string, { name: string; value: HeaderValue }>();

  constructor(request: unknown, socket: Duplex) {
    super();
    this.req = request;
    this.#socket = socket;
  }

  get finished(): boolean {
    return this.writableEnded;
  }

  get socket(): Duplex {
    return this.#socket;
  }

  get connection(): Duplex {
    return this.#socket;
  }

  /** Listens to the connection only if somebody cares, so that nothing else is kept alive with it. */
  override on(event: string | symbol, listener: (...values: unknown[]) => void): this {
    if (event === 'close' && this.listenerCount('close') === 0)
      this.#socket.once('close', () => this.emit('close'));
    return super.on(event, listener);
  }

  override addListener(event: string | symbol, listener: (...values: unknown[]) => void): this {
    return this.on(event, listener);
  }

  setHeader(name: string, value: HeaderValue): this {
    this.#headers.set(name.toLowerCase(), { name, value });
    return this;
  }

  appendHeader(name: string, value: HeaderValue): this {
    const known = this.getHeader(name);
    const values = known === undefined ? [] : [known].flat();
    return this.setHeader(name, [...values, value].flat().map(String));
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name.toLowerCase())?.value;
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  getHeaderNames(): string[] {
    return [...this.#headers.keys()];
  }

  getHeaders(): Record<string, HeaderValue> {
    return Object.fromEntries([...this.#headers].map(([name, { value }]) => [name, value]));
  }

  writeHead(
    status: number,
    message?: string | Record<string, HeaderValue>,
    headers?: Record<string, HeaderValue>,
  ): this {
    this.statusCode = status;
    if (typeof message === 'string') this.statusMessage = message;
    const given = typeof message === 'object' ? message : headers;
    for (const [name, value] of Object.entries(given ?? {})) this.setHeader(name, value);
    return this;
  }

  flushHeaders(): void {
    this.#writeHeaders();
  }

  write(chunk: string | Uint8Array): boolean {
    this.#writeHeaders();
    return this.#socket.write(chunk);
  }

  end(chunk?: unknown): this {
    if (this.writableEnded) return this;
    this.#writeHeaders();
    this.writableEnded = true;
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.#socket.write(chunk);
    this.#socket.end(() => {
      this.emit('finish');
      this.#socket.destroy();
    });
    return this;
  }

  /** The headers as lines of an HTTP head. */
  headerLines(): string[] {
    return [...this.#headers.values()].flatMap(({ name, value }) =>
      [value].flat().map((each) => `${name}: ${String(each)}`),
    );
  }

  #writeHeaders(): void {
    if (this.headersSent) return;
    this.headersSent = true;
    const reason = this.statusMessage ?? STATUS_CODES[this.statusCode] ?? '';
    const head = [`HTTP/1.1 ${this.statusCode} ${reason}`, 'Connection: close', ...this.headerLines()];
    this.#socket.write(`${head.join('\r\n')}\r\n\r\n`);
  }
}
