import type { FastifyReply, FastifyRequest } from 'fastify';
import { beforeEach, describe, expect, test } from 'vitest';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../../../hub/http/session-cookie.ts';

let sent: unknown[][];
let reply: FastifyReply;

beforeEach(() => {
  sent = [];
  reply = {
    setCookie: (...cookie: unknown[]) => void sent.push(cookie),
    clearCookie: (...cookie: unknown[]) => void sent.push(cookie),
  } as unknown as FastifyReply;
});

function by(protocol: 'http' | 'https', cookies: Readonly<Record<string, string>> = {}): FastifyRequest {
  const server = { parseCookie: () => cookies };
  return { protocol, headers: { cookie: 'as parsed' }, server } as unknown as FastifyRequest;
}

const bound = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

describe('The session cookie', () => {
  test('is out of reach of scripts and of other sites, and ends with the session', () => {
    setSessionCookie(by('http'), reply, 's3cret', 90_500);
    expect(sent).toEqual([['signalbox_session', 's3cret', { ...bound, secure: false, maxAge: 90 }]]);
  });

  test('of a session that is over lasts no time, rather than a negative one', () => {
    setSessionCookie(by('http'), reply, 's3cret', -1);
    expect(sent).toMatchObject([['signalbox_session', 's3cret', { maxAge: 0 }]]);
  });

  test('goes over TLS only when it was set over TLS, under a name that no other host can set', () => {
    setSessionCookie(by('https'), reply, 's3cret', 1000);
    expect(sent).toEqual([['__Host-signalbox_session', 's3cret', { ...bound, secure: true, maxAge: 1 }]]);
  });

  test('is cleared under the same name and attributes, or browsers keep it', () => {
    clearSessionCookie(by('http'), reply);
    clearSessionCookie(by('https'), reply);
    expect(sent).toEqual([
      ['signalbox_session', { ...bound, secure: false }],
      ['__Host-signalbox_session', { ...bound, secure: true }],
    ]);
  });

  test('is read under its own name alone: over TLS a plain one may be planted', () => {
    const cookies = { signalbox_session: 'plain', '__Host-signalbox_session': 'bound' };
    expect(readSessionCookie(by('http', cookies))).toBe('plain');
    expect(readSessionCookie(by('https', cookies))).toBe('bound');
    expect(readSessionCookie(by('https', { signalbox_session: 'plain' }))).toBeUndefined();
    expect(readSessionCookie({ headers: {} } as FastifyRequest)).toBeUndefined();
  });
});
