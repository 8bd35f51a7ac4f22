import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashSecret, matchesHash, mintSecret, mintToken, splitToken } from '../../../hub/access/secrets.ts';

test('a token is a prefix, an id to look up and 256 bits of secret', () => {
  const token = mintToken(randomBytes);
  expect(token.text).toMatch(/^sbx_[a-z2-7]{10}_[A-Za-z0-9_-]{43}$/);
  expect(splitToken(token.text).id).toBe(token.id);
  expect(hashSecret(splitToken(token.text).secret)).toBe(token.hash);
});

test('what is stored is the SHA-256 of the secret', () => {
  const { text, hash } = mintSecret(() => new Uint8Array(32));
  expect(text).toBe('A'.repeat(43));
  expect(hash).toBe('0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a');
  expect(matchesHash(text, hash)).toBe(true);
  expect(matchesHash(`${text.slice(0, -1)}B`, hash)).toBe(false);
});

test('two secrets differ', () => {
  expect(mintSecret(randomBytes).text).not.toBe(mintSecret(randomBytes).text);
});

const right = mintToken(randomBytes).text;
for (const text of [
  '',
  'sbx_',
  right.slice(0, -1),
  `${right}A`,
  ` ${right}`,
  right.toUpperCase(),
  'x'.repeat(100_000),
])
  test(`${JSON.stringify(text.slice(0, 70))} has no parts`, () =>
    expect(splitToken(text)).toEqual({ id: '', secret: '' }));
