import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TokenRow } from '#ports';
import { mintToken } from '../../../hub/access/secrets.ts';
import { TokenBook, toPrincipal } from '../../../hub/access/token-book.ts';

const now = 1000;
let book: TokenBook;

beforeEach(() => {
  book = new TokenBook();
});

/** Puts a token into the book. @returns its text and its row */
function put(fields: Partial<TokenRow> = {}): { readonly text: string; readonly row: TokenRow } {
  const { id, hash, text } = mintToken(randomBytes);
  const row: TokenRow = {
    id,
    name: 'n',
    role: 'viewer',
    groups: ['plant'],
    createdAt: 1,
    secretHash: hash,
    ...fields,
  };
  book.put(row);
  return { text, row };
}

describe('The text of a token', () => {
  test('is the token it was made for, and no other', () => {
    const [one, other] = [put(), put()];
    expect(book.verify(one.text, now)).toEqual(one.row);
    expect(book.verify(other.text, now)).toEqual(other.row);
  });

  test('with the id of one and the secret of another is none', () => {
    const [one, other] = [put(), put()];
    const [, , secret] = other.text.split('_');
    expect(book.verify(`sbx_${one.row.id}_${secret}`, now)).toBeUndefined();
  });

  test('of an unknown id is none, even with the secret that unknown ids are compared with', () => {
    expect(book.verify(mintToken(randomBytes).text, now)).toBeUndefined();
    for (const text of ['decoy', 'sbx_aaaaaaaaaa_decoy', '']) expect(book.verify(text, now)).toBeUndefined();
  });
});

describe('A token', () => {
  const ends: readonly [string, Partial<TokenRow>, boolean][] = [
    ['without an end', {}, true],
    ['a moment before its end', { expiresAt: now + 1 }, true],
    ['at its end', { expiresAt: now }, false],
    ['that was revoked', { revokedAt: 5 }, false],
    ['that was revoked before its end', { revokedAt: 5, expiresAt: now + 1 }, false],
  ];
  for (const [what, fields, isLive] of ends)
    test(`${what} is ${isLive ? 'live' : 'over'}, for whoever asks`, () => {
      const { text, row } = put({ ...fields, role: 'admin', groups: '*' });
      expect(book.live(row.id, now)).toEqual(isLive ? row : undefined);
      expect(book.verify(text, now)).toEqual(isLive ? row : undefined);
      expect(book.liveCount(now)).toBe(isLive ? 1 : 0);
      expect(book.hasLiveAdmin(now)).toBe(isLive);
    });

  test('replaces what was known of its id', () => {
    const { row } = put();
    book.put({ ...row, revokedAt: 5 });
    expect(book.liveCount(now)).toBe(0);
    expect(book.list()).toHaveLength(1);
  });

  test('of an admin of some groups is not the admin of the hub', () => {
    put({ role: 'admin', groups: ['plant'] });
    put({ role: 'operator', groups: '*' });
    expect(book.hasLiveAdmin(now)).toBe(false);
  });
});

describe('The list', () => {
  test('has the newest first, the ended ones too, and no hash', () => {
    put({ name: 'old', createdAt: 1 });
    put({ name: 'new', createdAt: 3 });
    put({ name: 'ended', createdAt: 2, revokedAt: 4 });
    expect(book.list().map(({ name }) => name)).toEqual(['new', 'ended', 'old']);
    for (const info of book.list()) expect(Object.keys(info)).not.toContain('secretHash');
  });
});

describe('Ends by time', () => {
  test('are those that came; who was revoked before has been told', () => {
    const { row } = put({ expiresAt: now });
    put({ expiresAt: now + 1 });
    put({ expiresAt: now - 1, revokedAt: 5 });
    put();
    expect(book.expired(now)).toEqual(new Set([row.id]));
  });

  test('come next with the live token that ends first, or never', () => {
    put();
    expect(book.nextExpiry(now)).toBe(Infinity);
    put({ expiresAt: now + 20 });
    put({ expiresAt: now + 10 });
    put({ expiresAt: now + 5, revokedAt: 5 });
    put({ expiresAt: now - 5 });
    expect(book.nextExpiry(now)).toBe(now + 10);
  });
});

describe('The principal of a token', () => {
  test('has its rights and nothing of its secret', () => {
    const { row } = put({ role: 'gateway', topicFilters: ['a/#'], expiresAt: 9, lastUsedAt: 3 });
    expect(toPrincipal(row)).toStrictEqual({
      id: row.id,
      tokenId: row.id,
      name: 'n',
      role: 'gateway',
      groups: ['plant'],
      topicFilters: ['a/#'],
      expiresAt: 9,
    });
  });

  test('of one device names it', () => {
    expect(toPrincipal(put({ role: 'device', device: 'pump' }).row)).toMatchObject({ device: 'pump' });
  });
});
