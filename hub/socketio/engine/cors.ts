/**
 * Cross-origin headers for polling, with the options and answers of npm `cors`.
 * Spec: the Fetch standard, "HTTP-CORS protocol". It informs browsers; `allowOrigin` protects the server.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Middleware } from './middleware.ts';

type Origin = boolean | string | RegExp | readonly (boolean | string | RegExp)[];
type CustomOrigin = (
  origin: string | undefined,
  answer: (error: Error | null, origin?: Origin) => void,
) => void;

export interface CorsOptions {
  /** `*` if not said; `true` repeats the request's origin. */
  origin?: Origin | CustomOrigin;
  methods?: string | readonly string[];
  allowedHeaders?: string | readonly string[];
  /** The old name of `allowedHeaders`. */
  headers?: string | readonly string[];
  exposedHeaders?: string | readonly string[];
  credentials?: boolean;
  /** Seconds. */
  maxAge?: number;
  preflightContinue?: boolean;
  optionsSuccessStatus?: number;
}

export type CorsOptionsDelegate = (
  request: IncomingMessage,
  answer: (error: Error | null, options?: CorsOptions) => void,
) => void;

const defaultMethods = 'GET,HEAD,PUT,PATCH,POST,DELETE';

/** The middleware that `cors` stands for. */
export function cors(given: CorsOptions | CorsOptionsDelegate | boolean): Middleware {
  const delegate: CorsOptionsDelegate =
    typeof given === 'function'
      ? given
      : (_request, answer) => answer(null, typeof given === 'object' ? given : {});
  return (request, response, next) => {
    delegate(request, (error, options) => {
      if (error || options === undefined) return next(error);
      resolveOrigin(options, request, (originError, origin) => {
        if (originError || !origin) return next(originError);
        answerCors(request, response, { ...options, origin }, next);
      });
    });
  };
}

function resolveOrigin(
  { origin = '*' }: CorsOptions,
  request: IncomingMessage,
  done: (error: Error | null, origin?: Origin) => void,
): void {
  if (typeof origin === 'function') origin(request.headers.origin, done);
  else done(null, origin);
}

type ResolvedOptions = CorsOptions & { origin: Origin };

function answerCors(
  request: IncomingMessage,
  response: ServerResponse,
  options: ResolvedOptions,
  next: (error?: unknown) => void,
): void {
  setOrigin(request, response, options.origin);
  if (options.credentials === true) response.setHeader('Access-Control-Allow-Credentials', 'true');
  const exposed = joined(options.exposedHeaders);
  if (request.method !== 'OPTIONS') {
    if (exposed) response.setHeader('Access-Control-Expose-Headers', exposed);
    return next();
  }
  const methods = joined(options.methods ?? defaultMethods);
  if (methods) response.setHeader('Access-Control-Allow-Methods', methods);
  setAllowedHeaders(request, response, options);
  if (options.maxAge !== undefined) response.setHeader('Access-Control-Max-Age', String(options.maxAge));
  if (exposed) response.setHeader('Access-Control-Expose-Headers', exposed);
  if (options.preflightContinue) return next();
  response.statusCode = options.optionsSuccessStatus ?? 204;
  response.setHeader('Content-Length', '0');
  response.end();
}

function joined(values: string | readonly string[] | undefined): string | undefined {
  return typeof values === 'string' || values === undefined ? values : values.join(',');
}

function setOrigin(request: IncomingMessage, response: ServerResponse, allowed: Origin): void {
  if (allowed === '*') {
    response.setHeader('Access-Control-Allow-Origin', '*');
    return;
  }
  if (typeof allowed === 'string') {
    response.setHeader('Access-Control-Allow-Origin', allowed);
    vary(response, 'Origin');
    return;
  }
  const { origin } = request.headers;
  if (origin !== undefined && isOriginAllowed(origin, allowed)) {
    response.setHeader('Access-Control-Allow-Origin', origin);
  }
  vary(response, 'Origin');
}

/** Whether an origin matches a text, a pattern, or one of several. */
export function isOriginAllowed(origin: string, allowed: Origin): boolean {
  if (Array.isArray(allowed)) return allowed.some((each: Origin) => isOriginAllowed(origin, each));
  if (typeof allowed === 'string') return origin === allowed;
  if (allowed instanceof RegExp) {
    // A pattern with the g flag would remember where it last matched.
    allowed.lastIndex = 0;
    return allowed.test(origin);
  }
  return Boolean(allowed);
}

function setAllowedHeaders(request: IncomingMessage, response: ServerResponse, options: CorsOptions): void {
  const given = options.allowedHeaders ?? options.headers;
  const allowed = given === undefined ? request.headers['access-control-request-headers'] : joined(given);
  if (given === undefined) vary(response, 'Access-Control-Request-Headers');
  if (allowed) response.setHeader('Access-Control-Allow-Headers', allowed);
}

/** Adds to the `Vary` header what is not in it. */
export function vary(response: ServerResponse, field: string): void {
  const current = response.getHeader('Vary');
  const fields = (Array.isArray(current) ? current.join(', ') : String(current ?? '')).trim();
  const known = fields.split(',').map((each) => each.trim().toLowerCase());
  if (known.includes('*') || known.includes(field.toLowerCase())) return;
  response.setHeader('Vary', fields === '' ? field : `${fields}, ${field}`);
}
