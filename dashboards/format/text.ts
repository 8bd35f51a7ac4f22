/**
 * Text of unknown origin made harmless to look at: the page shows it as text only, and this takes out what would
 * reorder or break the line around it. Pure.
 */
import type { Json } from '#contract/event.ts';
import type { InboxEntry } from '#contract/mapping.ts';

const payloadChars = 400;

// Controls, format characters (bidirectional marks, zero width, soft hyphen) and line separators; not the joiners,
// which emoji and several scripts need.
const invisible = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** More than two combining marks in a row only serve to paint over the neighbours. */
const piledMarks = /(\p{M}{2})\p{M}+/gu;

/** Any JSON value in one line; nothing for `null`. */
export function jsonText(value: Json): string {
  return value === null ? '' : JSON.stringify(value);
}

/** The beginning of a payload as the hub shows it. */
export function payloadText({ payload, encoding }: Pick<InboxEntry, 'payload' | 'encoding'>): string {
  const text = payload.slice(0, payloadChars);
  return encoding === 'base64' ? `base64: ${text}` : text;
}

export function plainText(text: string, maxChars = 160): string {
  // Cut before the patterns run, so that a long text costs no more than a short one.
  const cut = text.length > maxChars * 4 ? text.slice(0, maxChars * 4) : text;
  const clean = cut.replace(invisible, ' ').replace(piledMarks, '$1').replace(/\s+/g, ' ').trim();
  const characters = Array.from(clean);
  if (characters.length <= maxChars && cut.length === text.length) return clean;
  return `${characters.slice(0, maxChars - 1).join('')}…`;
}
