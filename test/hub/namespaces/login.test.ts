import { describe, expect, test } from 'vitest';
import { principalOf } from '../../../hub/namespaces/login.ts';
import { FakeAccess } from './fake-access.ts';
import { FakeSocket, viewer } from './fake-socket.ts';

const access = new FakeAccess();
access.give('token', { role: 'viewer', groups: '*' });
access.sessionHolders.set('secret', viewer);

function login(handshake: Partial<FakeSocket['handshake']>): string {
  const fake = new FakeSocket();
  fake.handshake = { ...fake.handshake, ...handshake };
  return principalOf(access, fake.socket).id;
}

describe('Who connects', () => {
  test('the holder of the token', () => {
    expect(login({ auth: { token: 'token' } })).toBe('token');
  });

  const cookies = [
    'signalbox_session=secret',
    'a=b; signalbox_session=secret; c=d',
    '__Host-signalbox_session=secret',
  ];
  for (const cookie of cookies)
    test(`the browser with ${cookie}`, () => {
      expect(login({ headers: { cookie } })).toBe('p');
    });

  const nobody: readonly (readonly [string, Partial<FakeSocket['handshake']>])[] = [
    ['no token and no cookie', {}],
    ['a wrong token', { auth: { token: 'wrong' } }],
    ['a token that is no text', { auth: { token: { length: 5 } } }],
    ['a wrong token beside a good cookie', { auth: { token: '' }, headers: { cookie: cookies[0] ?? '' } }],
    ['a wrong cookie', { headers: { cookie: 'signalbox_session=wrong' } }],
    ['a cookie of a similar name', { headers: { cookie: 'xsignalbox_session=secret' } }],
    ['an unprotected cookie over TLS', { headers: { cookie: cookies[0] ?? '' }, secure: true }],
  ];
  for (const [title, handshake] of nobody)
    test(`nobody, with ${title}`, () => {
      expect(() => login(handshake)).toThrow(
        expect.objectContaining({ name: 'ConnectRefusedError', data: { code: 'not-authenticated' } }),
      );
    });
});
