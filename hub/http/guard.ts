/**
 * Who may use which route. Deny by default: a route that declares no permission stops the start. The decision is
 * `access.may` on the group and device of the path; what the caller may not know of answers as if it were not there.
 */
import type { FastifyRequest } from 'fastify';
import { grants, type Action, type Principal, type Target } from '#contract/access.ts';
import { RequestError } from '#contract/errors.ts';
import { isAllowedOrigin } from '#contract/origin.ts';
import type { App, HttpParts } from './parts.ts';
import { notFound } from './problem.ts';
import { readSessionCookie } from './session-cookie.ts';

/** `signed-in`: every principal, whatever it may do. */
export type Permission = Action | 'public' | 'signed-in';

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: Permission;
    /** The answer holds only what the principal may see: being allowed in one group is enough. */
    filtered?: boolean;
    /** What the request is about, where the path does not say it. May throw a `RequestError`. */
    target?: (request: FastifyRequest) => Target;
    /** As clients of InfluxDB 1.x log in: also by Basic, with any name and the token as the password. */
    basic?: boolean;
  }
  interface FastifyRequest {
    principal: Principal | undefined;
  }
}

type GuardParts = Pick<HttpParts, 'access' | 'allowedOrigins' | 'counters'>;

const authorization = /^(?:bearer|token) +(\S+)$/i;
const basicAuthorization = /^basic +([\w+/=-]+)$/i;
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A token in a URL ends in logs, histories and Referer headers. */
const secretParameters = ['token', 'access_token', 'auth_token', 'api_key', 'apikey'];
/** How InfluxDB 1.x takes a name and a password. */
const basicParameters = ['u', 'p'];

export function installGuard(app: App, parts: GuardParts): void {
  app.decorateRequest('principal');
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.permission === undefined)
      throw new Error(`The route ${String(method)} ${url} declares no permission.`);
  });
  // Waits for nothing: a promise for each request would be work for nothing.
  app.addHook('onRequest', (request, _reply, done) => {
    try {
      admit(request, parts);
    } catch (error) {
      return done(error as Error);
    }
    done();
  });
}

/** @throws {RequestError} the caller may not do this, or may not know of it */
function admit(request: FastifyRequest, parts: GuardParts): void {
  const { permission, filtered } = request.config;
  refuseSecretsInUrl(request);
  request.principal = authenticate(request, parts);
  if (request.is404 || permission === 'public') return;
  const { principal } = request;
  if (principal === undefined)
    throw new RequestError(401, 'not-authenticated', 'This needs a token or a login.');
  if (permission === undefined) throw notFound();
  if (permission === 'signed-in') return;
  const target = targetOf(request);
  const isAllowed =
    filtered === true
      ? mayAnywhere(parts, principal, permission)
      : parts.access.may(principal, permission, target);
  if (!isAllowed) throw refusal(parts, principal, target);
}

/** The caller of a route that is not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw new Error('A public route asked for its principal.');
  return request.principal;
}

/** For what only the body names. @throws {RequestError} 403 or 404, as the guard itself answers */
export function requireRight(
  parts: Pick<GuardParts, 'access' | 'counters'>,
  request: FastifyRequest,
  action: Action,
  target: Target,
): void {
  const principal = principalOf(request);
  if (!parts.access.may(principal, action, target)) throw refusal(parts, principal, target);
}

function mayAnywhere({ access }: GuardParts, principal: Principal, action: Action): boolean {
  const targets: readonly Target[] =
    principal.groups === '*' ? [{}] : principal.groups.map((group) => ({ group }));
  return targets.some((target) => access.may(principal, action, target));
}

/** Who may do something else here knows that it exists: 403. To others it does not: 404. */
function refusal(
  { access, counters }: Pick<GuardParts, 'access' | 'counters'>,
  principal: Principal,
  target: Target,
): RequestError {
  counters.count('http.refused', 'not-allowed');
  const isKnown =
    target.group === undefined ||
    grants[principal.role].some((action) => access.may(principal, action, target));
  return isKnown ? new RequestError(403, 'forbidden', 'Your role does not allow this.') : notFound();
}

function targetOf(request: FastifyRequest): Target {
  const { target } = request.config;
  if (target !== undefined) return target(request);
  const { group, device } = request.params as { readonly group?: string; readonly device?: string };
  return { group, device };
}

function authenticate(request: FastifyRequest, parts: GuardParts): Principal | undefined {
  const { authorization: header } = request.headers;
  if (header === undefined) return fromCookie(request, parts);
  const token = authorization.exec(header)?.[1] ?? passwordOf(request, header);
  const principal = token === undefined ? undefined : parts.access.authenticate(token);
  // A wrong token never falls back to the cookie, nor to what is public.
  if (principal === undefined)
    throw new RequestError(401, 'wrong-token', 'The token is not valid (any more).');
  return principal;
}

function passwordOf(request: FastifyRequest, header: string): string | undefined {
  if (request.config.basic !== true) return undefined;
  const [, encoded] = basicAuthorization.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** Browsers send cookies by themselves: what changes something must come from a page of ours. */
function fromCookie(
  request: FastifyRequest,
  { access, allowedOrigins, counters }: GuardParts,
): Principal | undefined {
  const secret = readSessionCookie(request);
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (!safeMethods.has(request.method)) {
    const isOurs = isAllowedOrigin(origin, host, allowedOrigins) && site !== 'cross-site';
    if (!isOurs || (secret !== undefined && origin === undefined)) {
      counters.count('http.refused', 'foreign-origin');
      throw new RequestError(403, 'foreign-origin', 'This request does not come from a page of this hub.');
    }
  }
  return secret === undefined ? undefined : access.session(secret);
}

function refuseSecretsInUrl(request: FastifyRequest): void {
  const query = request.query as Readonly<Record<string, unknown>>;
  const { basic } = request.config;
  const refused = basic === true ? [...secretParameters, ...basicParameters] : secretParameters;
  if (refused.some((name) => Object.hasOwn(query, name)))
    throw new RequestError(
      400,
      'token-in-url',
      'A token belongs into the Authorization header, never into the URL.',
    );
}
