/**
 * What is looked at before a request may open or use a session.
 * Spec: Engine.IO protocol v4, "Handshake"; the order of the checks is that of npm `engine.io`.
 */
import type { IncomingMessage } from 'node:http';
import { isOriginAllowed } from './cors.ts';
import type { AllowOrigin, EngineOptions } from './options.ts';
import { errors, refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import type { Session } from './session.ts';
import type { EngineRequest } from './transport.ts';

export type Verdict = (refusal?: Refusal) => void;

export interface Verification {
  readonly request: EngineRequest;
  readonly upgrade: boolean;
  readonly options: EngineOptions;
  readonly sessionOf: (sid: string) => Session | undefined;
}

/** Gives its verdict at once, or when `allowRequest` does. */
export function verifyRequest(verification: Verification, done: Verdict): void {
  const { request, options } = verification;
  const refusal = refusalOfRequest(verification);
  if (refusal !== undefined || request._query['sid']) return done(refusal);
  if (options.allowRequest === undefined) return done();
  options.allowRequest(request, (message, success) => {
    done(success ? undefined : refuse(errors.FORBIDDEN, { message }));
  });
}

function refusalOfRequest(verification: Verification): Refusal | undefined {
  const { request, options } = verification;
  const { transport = '', sid } = request._query;
  if (!isServedTransport(transport, options)) {
    return refuse(errors.UNKNOWN_TRANSPORT, { transport: request._query['transport'] });
  }
  const { origin } = request.headers;
  if (origin !== undefined && hasInvalidCharacters(origin)) {
    delete request.headers.origin;
    return refuse(errors.BAD_REQUEST, { name: 'INVALID_ORIGIN', origin });
  }
  if (
    origin !== undefined &&
    options.allowOrigin !== undefined &&
    !mayConnect(origin, request, options.allowOrigin)
  ) {
    return {
      code: errors.FORBIDDEN,
      context: { name: 'ORIGIN_NOT_ALLOWED', message: 'Origin not allowed', origin },
      status: 403,
    };
  }
  return sid ? refusalOfSessionRequest(verification, sid) : refusalOfHandshake(verification);
}

function isServedTransport(name: string, { transports }: EngineOptions): name is 'polling' | 'websocket' {
  return (name === 'polling' || name === 'websocket') && transports.includes(name);
}

function mayConnect(origin: string, request: IncomingMessage, allowed: AllowOrigin): boolean {
  return typeof allowed === 'function' ? allowed(origin, request) : isOriginAllowed(origin, allowed);
}

function refusalOfSessionRequest(verification: Verification, sid: string): Refusal | undefined {
  const { request, upgrade, options, sessionOf } = verification;
  const session = sessionOf(sid);
  if (session === undefined) return refuse(errors.UNKNOWN_SID, { sid });
  const { transport } = request._query;
  const previousTransport = session.transport.name;
  if (upgrade && transport !== 'websocket')
    return refuse(errors.BAD_REQUEST, { name: 'TRANSPORT_HANDSHAKE_ERROR' });
  if (!upgrade && (previousTransport !== transport || transport === 'websocket')) {
    return refuse(errors.BAD_REQUEST, { name: 'TRANSPORT_MISMATCH', transport, previousTransport });
  }
  const revision = protocolOf(request, options);
  if (revision !== session.protocol) {
    const context = { name: 'PROTOCOL_MISMATCH', protocol: revision, previousProtocol: session.protocol };
    return refuse(errors.BAD_REQUEST, context);
  }
  return undefined;
}

function refusalOfHandshake({ request, upgrade }: Verification): Refusal | undefined {
  if (request.method !== 'GET') return refuse(errors.BAD_HANDSHAKE_METHOD, { method: request.method });
  if (upgrade !== (request._query['transport'] === 'websocket')) {
    return refuse(errors.BAD_REQUEST, { name: 'TRANSPORT_HANDSHAKE_ERROR' });
  }
  return undefined;
}

/**
 * The revision a request speaks; one that does not say is taken for 3, as before there was a parameter,
 * unless those are allowed.
 */
export function protocolOf(request: EngineRequest, { allowEIO3 }: EngineOptions): 3 | 4 {
  const revision = request._query['EIO'];
  return revision === '4' || (revision === undefined && allowEIO3) ? 4 : 3;
}

/** What no header value may hold: control characters but the tab, and what is beyond Latin-1. */
function hasInvalidCharacters(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) return true;
  }
  return false;
}
