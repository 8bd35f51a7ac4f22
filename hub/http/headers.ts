/**
 * Security headers. The dashboards are our own files: nothing inline, nothing from elsewhere. What is no page may do
 * nothing at all where it is opened as one; it says so in few words, since devices read them with each answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './parts.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers with pages and what belongs to them. */
    page?: boolean;
  }
}

const hostPattern = /^[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/i;

/** For answers that are no page. */
export const bareHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;

export function installHeaders(app: App): void {
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'", liveOf],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Plain HTTP on a local network is a supported way to run: a proxy with TLS adds this header.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  let last: { readonly host: string | undefined; readonly headers: Headers } | undefined;
  const ofPage = (request: FastifyRequest): Headers => {
    const { host } = request.headers;
    // Only the host makes a difference, and it is nearly always the same.
    if (last === undefined || last.host !== host) last = { host, headers: headersOf(secure, request.raw) };
    return last.headers;
  };
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.config.page === true ? ofPage(request) : bareHeaders);
    done();
  });
}

type Headers = Readonly<Record<string, string>>;

/** What the middleware would write into an answer to this request. */
function headersOf(secure: ReturnType<typeof helmet>, request: IncomingMessage): Headers {
  const headers: Record<string, string> = {};
  const answer = {
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    removeHeader() {},
  };
  secure(request, answer as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error as Error;
  });
  return headers;
}

/** Of a page that writes its colours into a style element: a style can do no more than look. */
export function allowOwnStyles(reply: FastifyReply): void {
  const name = 'content-security-policy';
  const policy = String(reply.getHeader(name));
  reply.header(name, policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"));
}

/** Older browsers do not count WebSockets to the same host as 'self'. */
function liveOf({ headers: { host = '' } }: IncomingMessage): string {
  return hostPattern.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
