/**
 * Repeatable chance: every number follows from a seed and an index, so a signal asked twice for one instant
 * answers the same. Pure: no state but in {@link seededRandom}, which is for decisions in sequence.
 */

/** A seed from any words and numbers, by FNV-1a. */
export function seedOf(...parts: readonly (string | number)[]): number {
  const text = parts.join('\u0000');
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return scramble(hash);
}

/** A number in [0, 1) that belongs to this seed and this whole number, however large. */
export function chance(seed: number, index: number): number {
  const high = Math.floor(index / 2 ** 32);
  return scramble(scramble(seed ^ (index >>> 0)) ^ high) / 2 ** 32;
}

/** Value noise: a smooth line through one random number per whole `x`, within [-1, 1]. */
export function valueNoise(seed: number, x: number): number {
  const cell = Math.floor(x);
  const part = x - cell;
  const eased = part * part * (3 - 2 * part);
  const left = chance(seed, cell);
  const right = chance(seed, cell + 1);
  return 2 * (left + (right - left) * eased) - 1;
}

/** A sequence of numbers in [0, 1) for decisions that come one after the other. */
export function seededRandom(seed: number): () => number {
  let index = 0;
  return () => {
    index += 1;
    return chance(seed, index);
  };
}

/** Spreads 32 bits over 32 bits, so that neighbours share nothing. */
function scramble(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
