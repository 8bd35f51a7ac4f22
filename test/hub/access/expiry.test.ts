import { describe, expect, test } from 'vitest';
import { Expiry } from '../../../hub/access/expiry.ts';
import { SessionBook } from '../../../hub/access/session-book.ts';
import { TokenBook } from '../../../hub/access/token-book.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function setup() {
  const clock = new ManualClock();
  const [tokens, sessions] = [new TokenBook(), new SessionBook()];
  const ended: string[] = [];
  const expiry = new Expiry({
    clock,
    tokens,
    sessions,
    endedToken: (id) => ended.push(id),
    endedSession: ({ idHash }) => {
      sessions.remove(idHash);
      ended.push(idHash);
    },
  });
  const at = (ms: number): number => clock.nowUs() / 1000 + ms;
  const addToken = (id: string, expiresAt: number): void =>
    tokens.put({ id, name: id, role: 'viewer', groups: '*', secretHash: '', createdAt: 0, expiresAt });
  return { clock, tokens, sessions, ended, expiry, at, addToken };
}

describe('What ends by time', () => {
  test('is told when it does, each once and in its turn', () => {
    const { clock, sessions, ended, expiry, at, addToken } = setup();
    addToken('late', at(3000));
    addToken('soon', at(1000));
    sessions.put({ idHash: 'between', kind: 'session', tokenId: 'late', createdAt: 0, expiresAt: at(2000) });
    expiry.sweep();
    clock.advance(999);
    expect(ended).toEqual([]);
    clock.advance(1);
    expect(ended).toEqual(['soon']);
    clock.advance(60_000);
    expect(ended).toEqual(['soon', 'between', 'late']);
  });

  test('that was put off and comes all the same is told again', () => {
    const { clock, ended, expiry, at, addToken } = setup();
    addToken('token', at(1000));
    expiry.sweep();
    clock.advance(1000);
    addToken('token', at(1000));
    expiry.sweep();
    clock.advance(1000);
    expect(ended).toEqual(['token', 'token']);
  });

  test('is found within a minute after the wall clock jumped, and by nobody after the end', () => {
    const { clock, ended, expiry, at, addToken } = setup();
    addToken('token', at(3_600_000));
    expiry.sweep();
    clock.jump(7_200_000);
    clock.advance(60_000);
    expect(ended).toEqual(['token']);
    addToken('other', at(1000));
    expiry.schedule();
    expiry.close();
    clock.advance(120_000);
    expect(ended).toEqual(['token']);
  });
});
