/**
 * What a client brought when it connected: a plain copy, which may be sent to other servers.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ParsedUrlQuery } from 'node:querystring';
import type { EngineSession } from './engine-session.ts';
import type { Untyped } from './typed-events.ts';

export interface Handshake {
  /** Headers of the first HTTP request. */
  headers: IncomingHttpHeaders;
  /** When the socket was created, as text. */
  time: string;
  address: string;
  /** Whether the page came from another origin than this server. */
  xdomain: boolean;
  secure: boolean;
  /** When the socket was created, in epoch milliseconds. */
  issued: number;
  url: string;
  query: ParsedUrlQuery;
  /** What the client sent in its CONNECT packet. */
  auth: { [key: string]: Untyped };
}

/** What most clients show; each handshake gets an object of its own. */
export const noAuth: Handshake['auth'] = Object.freeze({});

type EngineRequest = IncomingMessage & { _query?: ParsedUrlQuery; connection?: { encrypted?: boolean } };

/** The request may be gone: programs drop it to save memory. */
export function makeHandshake(session: EngineSession, auth: Handshake['auth'], issuedMs: number): Handshake {
  const request = session.request as EngineRequest | null | undefined;
  const headers = request?.headers ?? {};
  return {
    headers,
    time: new Date(issuedMs).toString(),
    address: session.remoteAddress,
    xdomain: headers.origin !== undefined,
    secure: request ? Boolean(request.connection?.encrypted) : true,
    issued: issuedMs,
    url: request?.url ?? '',
    query: request?._query ?? {},
    auth: auth === noAuth ? {} : auth,
  };
}
