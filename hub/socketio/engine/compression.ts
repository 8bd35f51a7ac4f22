/**
 * Compression of HTTP responses: which encoding a request accepts, and the compressed body of a poll.
 * Spec: RFC 9110 section 12.5.3 (Accept-Encoding).
 */
import type { IncomingMessage } from 'node:http';
import { createDeflate, createGzip } from 'node:zlib';
import type { Deflate, Gzip, ZlibOptions } from 'node:zlib';

export interface HttpCompression extends ZlibOptions {
  /** Bodies of fewer bytes are sent as they are; 1024 if not said. */
  threshold?: number;
}

export type ContentEncoding = 'gzip' | 'deflate';
export const pollingEncodings: readonly ContentEncoding[] = ['gzip', 'deflate'];

/** The encoding of those offered that the client likes best; the first it names when it does not care, then the first offered. */
export function acceptedEncoding<Encoding extends string>(
  request: IncomingMessage,
  offered: readonly Encoding[],
): Encoding | undefined {
  const header = request.headers['accept-encoding'];
  if (typeof header !== 'string') return undefined;
  const wanted = header.split(',').map(parsePreference);
  const anyOther = wanted.find(({ name }) => name === '*')?.quality ?? 0;
  let best: { encoding: Encoding; quality: number; place: number } | undefined;
  for (const encoding of offered) {
    const place = wanted.findIndex(
      ({ name }) => name === encoding || (encoding === 'gzip' && name === 'x-gzip'),
    );
    const quality = wanted[place]?.quality ?? anyOther;
    const rank = place === -1 ? wanted.length : place;
    if (quality <= 0) continue;
    if (best === undefined || quality > best.quality || (quality === best.quality && rank < best.place)) {
      best = { encoding, quality, place: rank };
    }
  }
  return best?.encoding;
}

function parsePreference(part: string): { name: string; quality: number } {
  const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
  const quality = parameters.find((each) => each.startsWith('q='));
  return { name, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}

/** A stream that compresses off the main thread. */
export function compressor(encoding: ContentEncoding, options: HttpCompression): Gzip | Deflate {
  const { threshold: _threshold, ...zlib } = options;
  return encoding === 'gzip' ? createGzip(zlib) : createDeflate(zlib);
}
