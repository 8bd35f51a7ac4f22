/** Payload bytes as text. Pure. */
import { FormatError } from '#contract/formats/decoded.ts';
import { stripPadding } from '#contract/formats/json.ts';

/** Making one costs as much as decoding a message; it keeps nothing between two. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * UTF-8, without a byte order mark and without the NULs that C strings leave at the end.
 * @throws {FormatError} `invalid-utf8`
 */
export function toText(payload: Uint8Array): string {
  try {
    return stripPadding(decoder.decode(payload));
  } catch (error) {
    throw new FormatError('invalid-utf8', 'The payload is not UTF-8 text.', { cause: error });
  }
}
