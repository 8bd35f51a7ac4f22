import { beforeEach, describe, expect, test } from 'vitest';
import type { SessionRow } from '#ports';
import { SessionBook, sessionIdOf } from '../../../hub/access/session-book.ts';

const now = 1000;
let book: SessionBook;

beforeEach(() => {
  book = new SessionBook();
});

function put(idHash: string, fields: Partial<SessionRow> = {}): SessionRow {
  const row: SessionRow = {
    idHash,
    kind: 'session',
    tokenId: 't',
    createdAt: 1,
    expiresAt: now + 1,
    ...fields,
  };
  book.put(row);
  return row;
}

describe('A session', () => {
  test('lives up to its end, as what it was made', () => {
    const row = put('a');
    expect(book.live('a', 'session', now)).toEqual(row);
    expect(book.live('a', 'session', now + 1)).toBeUndefined();
    expect(book.live('a', 'login-code', now)).toBeUndefined();
    expect(book.live('b', 'session', now)).toBeUndefined();
  });

  test('is removed by exactly one caller', () => {
    put('a');
    expect([book.remove('a'), book.remove('a'), book.remove('unknown')]).toEqual([true, false, false]);
    expect(book.live('a', 'session', now)).toBeUndefined();
  });

  test('has a name that tells it apart and is too short to open anything', () => {
    const hash = 'abcdefghijklmnopqrstuvwxyz';
    expect(sessionIdOf({ idHash: hash })).toBe('session:abcdefghijkl');
    expect(book.live(sessionIdOf({ idHash: hash }), 'session', now)).toBeUndefined();
  });
});

function hashes(kind?: SessionRow['kind']): string[] {
  return book.of('t', kind).map(({ idHash }) => idHash);
}

describe('The sessions and codes of a token', () => {
  test('come oldest first, of one kind or of both', () => {
    put('new', { createdAt: 3 });
    put('old', { createdAt: 1 });
    put('code', { createdAt: 2, kind: 'login-code' });
    put('foreign', { tokenId: 'other' });
    expect(hashes()).toEqual(['old', 'code', 'new']);
    expect(hashes('session')).toEqual(['old', 'new']);
    expect(hashes('login-code')).toEqual(['code']);
  });
});

describe('Ends by time', () => {
  test('are those that came, of either kind', () => {
    const over = [put('a', { expiresAt: now }), put('b', { expiresAt: 5, kind: 'login-code' })];
    put('c');
    expect(book.expired(now)).toEqual(over);
  });

  test('come next with what ends first, or never', () => {
    expect(book.nextExpiry()).toBe(Infinity);
    put('a', { expiresAt: 30 });
    put('b', { expiresAt: 20, kind: 'login-code' });
    expect(book.nextExpiry()).toBe(20);
    book.remove('b');
    expect(book.nextExpiry()).toBe(30);
  });
});
