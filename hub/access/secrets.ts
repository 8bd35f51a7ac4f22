/**
 * Secrets as texts and as what is stored of them. 256 random bits need no slow hash: SHA-256 cannot be searched.
 * Format of a token: `sbx_<id: 10 of a-z2-7>_<secret: 43 of base64url>`.
 */
import { hash, timingSafeEqual } from 'node:crypto';

export type Random = (bytes: number) => Uint8Array;

const tokenPattern = /^sbx_([a-z2-7]{10})_([A-Za-z0-9_-]{43})$/;
const idAlphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const idChars = 10;
const secretBytes = 32;
/** Longer credentials are never ours; hashing them would be work for the asking. */
const longestCredential = 128;

export interface MintedSecret {
  /** Shown once. */
  readonly text: string;
  /** SHA-256, hex: what is stored. */
  readonly hash: string;
}

export function mintSecret(random: Random): MintedSecret {
  const text = Buffer.from(random(secretBytes)).toString('base64url');
  return { text, hash: hashSecret(text) };
}

export function mintToken(random: Random): MintedSecret & { readonly id: string } {
  const id = [...random(idChars)].map((byte) => idAlphabet[byte & 31]).join('');
  const secret = mintSecret(random);
  return { id, text: `sbx_${id}_${secret.text}`, hash: secret.hash };
}

/** The parts of a token; a malformed one gets parts that match nothing, so that it costs the same work. */
export function splitToken(text: string): { readonly id: string; readonly secret: string } {
  const [, id = '', secret = ''] = tokenPattern.exec(text.slice(0, longestCredential)) ?? [];
  return { id, secret };
}

export function hashSecret(text: string): string {
  return hash('sha256', text.slice(0, longestCredential), 'hex');
}

/** Takes the same time wherever the difference is. */
export function matchesHash(secret: string, kept: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(kept, 'hex'));
}
