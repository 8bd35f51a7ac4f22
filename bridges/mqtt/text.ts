/** Payload bytes as text. Pure. */
import { isUtf8 } from 'node:buffer';
import { FormatError } from '#contract/formats/decoded.ts';
import { stripPadding } from '#contract/formats/json.ts';

/** Making one costs as much as decoding a message; it keeps nothing between two. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * UTF-8, without a byte order mark and without the NULs that C strings leave at the end.
 * @throws {FormatError} `invalid-utf8`
 */
export function toText(payload: Uint8Array): string {
  const text = textOf(payload);
  if (text === undefined) throw new FormatError('invalid-utf8', 'The payload is not UTF-8 text.');
  return text;
}

/** The same for payloads that may well be binary, without the cost of an error: undefined if it is not UTF-8. */
export function textOf(payload: Uint8Array): string | undefined {
  return isUtf8(payload) ? stripPadding(decoder.decode(payload)) : undefined;
}
