/** The cookie that holds a browser's session: never readable by scripts, never sent from another site. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
  maxAgeMs: number,
): void {
  reply.setCookie(cookieName(request), secret, {
    ...attributes(request),
    maxAge: Math.max(0, Math.floor(maxAgeMs / 1000)),
  });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(cookieName(request), attributes(request));
}

export function readSessionCookie(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : request.server.parseCookie(cookie)[cookieName(request)];
}

/** Over TLS the prefix makes browsers insist on Secure, Path=/ and no Domain. */
function cookieName(request: FastifyRequest): string {
  return isSecure(request) ? '__Host-signalbox_session' : 'signalbox_session';
}

function attributes(request: FastifyRequest): {
  readonly httpOnly: true;
  readonly sameSite: 'strict';
  readonly path: '/';
  readonly secure: boolean;
} {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: isSecure(request) };
}

function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https';
}
