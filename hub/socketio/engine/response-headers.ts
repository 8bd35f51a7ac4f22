/** Headers that the engine and its listeners add to polling responses and to the `101` of an upgrade. */
import type { EventEmitter } from 'node:events';
import { serializeCookie } from './cookie.ts';
import type { CookieOptions } from './cookie.ts';
import type { ResponseHeaders } from './polling-settings.ts';
import type { EngineRequest } from './transport.ts';
import { UpgradeResponse } from './upgrade-response.ts';

/** Raises `initial_headers` on the first response of a session, and `headers` on each. */
function ask(engine: EventEmitter, headers: ResponseHeaders, request: EngineRequest): void {
  if (!request._query['sid']) engine.emit('initial_headers', headers, request);
  engine.emit('headers', headers, request);
}

export function addPollingHeaders(
  engine: EventEmitter & { readonly opts: { readonly cookie?: boolean | CookieOptions } },
  headers: ResponseHeaders,
  request: EngineRequest,
  sid: string,
): void {
  const { cookie } = engine.opts;
  if (typeof cookie === 'object' && !request._query['sid'])
    headers['Set-Cookie'] = [serializeCookie(sid, cookie)];
  ask(engine, headers, request);
}

export function addUpgradeHeaders(engine: EventEmitter, lines: string[], request: EngineRequest): void {
  if (engine.listenerCount('initial_headers') + engine.listenerCount('headers') > 0) {
    const headers: ResponseHeaders = {};
    ask(engine, headers, request);
    for (const [name, value] of Object.entries(headers)) {
      for (const each of [value].flat()) lines.push(`${name}: ${each}`);
    }
  }
  if (request.res instanceof UpgradeResponse) lines.push(...request.res.headerLines());
}
