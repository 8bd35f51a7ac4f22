/** The rules for ids: ARCHITECTURE §4. One place, used by every edge, by ingest and by the registry. */
import { limits } from './limits.ts';

const groupPattern = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const commandIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
const reservedGroups: ReadonlySet<string> = new Set(['admin']);
const reservedIds: ReadonlySet<string> = new Set([
  'prototype',
  'constructor',
  'time',
  '_field',
  '_measurement',
]);

export function isGroupId(text: string): boolean {
  return groupPattern.test(text) && !reservedGroups.has(text);
}

/** Device and metric ids, and tag keys. */
export function isId(text: string): boolean {
  if (text.length > limits.idChars || !startsId(text.charCodeAt(0))) return false;
  for (let at = 1; at < text.length; at += 1) if (!continuesId(text.charCodeAt(at))) return false;
  return !reservedIds.has(text);
}

export function isCommandId(text: string): boolean {
  return commandIdPattern.test(text);
}

/**
 * Makes an id from any text: characters outside the rule become `_`. Two texts that would collide differ by a
 * 4-hex suffix of the original, which is added whenever something was replaced or cut.
 */
export function toId(text: string): string {
  if (isId(text)) return text;
  const replaced = text.replace(/[^A-Za-z0-9._:-]/gu, '_').replace(/^[^A-Za-z0-9]+/, '');
  const base = replaced.slice(0, limits.idChars - 5);
  return `${base === '' ? 'x' : base}-${suffixOf(text)}`;
}

/** Makes a group id (a slug) from any text, by the same rule as {@link toId}. */
export function toGroupId(text: string): string {
  if (isGroupId(text)) return text;
  const slug = text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/gu, '_')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, limits.groupChars - 5);
  return `${slug === '' ? 'x' : slug}-${suffixOf(text)}`;
}

/** A letter or a digit. By code: every reading of every message asks, a regular expression costs three times as much. */
function startsId(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}

/** Also `-`, `.`, `:` and `_`. */
function continuesId(code: number): boolean {
  return startsId(code) || code === 46 || code === 95 || code === 45 || code === 58;
}

/** FNV-1a over UTF-16 code units, folded to 16 bits: not a secret, only a stable difference. */
function suffixOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  const folded = ((hash >>> 16) ^ hash) & 0xffff;
  return folded.toString(16).padStart(4, '0');
}
