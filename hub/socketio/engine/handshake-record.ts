/**
 * What is kept of a session's first request: some hundred bytes instead of the whole `IncomingMessage`.
 * It answers what handshakes are asked for (headers, url, query, address); headers and query are parsed
 * when asked for, and each answer is a copy.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { EngineOptions } from './options.ts';
import { parseQuery } from './query.ts';
import type { SessionRequest } from './session-host.ts';
import type { EngineRequest } from './transport.ts';

/** Headers of which, as Node.js has it, only the first counts. */
const onlyOnce = new Set(
  (
    'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since ' +
    'last-modified location max-forwards proxy-authorization referer retry-after server user-agent'
  ).split(' '),
);

export class HandshakeRecord {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly httpVersion: string;
  readonly #remoteAddress: string | undefined;
  readonly #encrypted: boolean;
  /** Names and values by turns, one a line: no header holds a line break, and one string is leaner than forty. */
  readonly #head: string;

  constructor(request: EngineRequest) {
    this.method = request.method;
    this.url = request.url;
    this.httpVersion = request.httpVersion;
    this.#remoteAddress = request.socket.remoteAddress;
    this.#encrypted = 'encrypted' in request.socket && request.socket.encrypted === true;
    this.#head = request.rawHeaders.join('\n');
  }

  get rawHeaders(): string[] {
    return this.#head === '' ? [] : this.#head.split('\n');
  }

  get headers(): IncomingHttpHeaders {
    const headers: Record<string, string | string[]> = {};
    const raw = this.rawHeaders;
    for (let index = 0; index + 1 < raw.length; index += 2)
      addHeader(headers, raw[index] ?? '', raw[index + 1] ?? '');
    return headers;
  }

  get _query(): Record<string, string> {
    return parseQuery(this.url ?? '');
  }

  /** Only where the request came from; the connection itself may be gone. */
  get socket(): { remoteAddress: string | undefined; encrypted: boolean } {
    return { remoteAddress: this.#remoteAddress, encrypted: this.#encrypted };
  }

  get connection(): { remoteAddress: string | undefined; encrypted: boolean } {
    return this.socket;
  }
}

/** What may have added to a request that others want to see. */
interface Observed {
  readonly opts: EngineOptions;
  readonly middlewares: readonly unknown[];
  listenerCount(event: string): number;
}

/** The whole request if asked for, or if somebody may have added to it. */
export function keptRequest(engine: Observed, request: EngineRequest): SessionRequest {
  const { keepRequest, allowRequest, cors } = engine.opts;
  const touched =
    allowRequest !== undefined ||
    engine.middlewares.length > (cors ? 1 : 0) ||
    engine.listenerCount('initial_headers') + engine.listenerCount('headers') > 0;
  if (keepRequest ?? touched) return request;
  return new HandshakeRecord(request) as unknown as SessionRequest;
}

function addHeader(headers: Record<string, string | string[]>, rawName: string, value: string): void {
  const name = rawName.toLowerCase();
  const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (name === 'set-cookie') headers[name] = Array.isArray(known) ? [...known, value] : [value];
  else if (known === undefined) headers[name] = value;
  else if (!onlyOnce.has(name)) headers[name] = `${String(known)}${name === 'cookie' ? '; ' : ', '}${value}`;
}
