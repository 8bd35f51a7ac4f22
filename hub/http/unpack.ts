/** Bodies that came compressed (RFC 9110, Content-Encoding), unpacked within the bound of all bodies. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { RequestError } from '#contract/errors.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import { limits } from '#contract/limits.ts';

const unzip = promisify(gunzip);

const nothing = Buffer.alloc(0);

/** The bytes as they came; none where the request has no body. */
export function bytesOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : nothing;
}

/**
 * @throws {FormatError} `invalid-gzip`
 * @throws {RequestError} 413: more than `limits.httpBatchBytes` once unpacked; 415: another encoding
 */
export function unpack(request: FastifyRequest): Buffer | Promise<Buffer> {
  const bytes = bytesOf(request);
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return bytes;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new RequestError(415, 'unsupported-encoding', 'A body comes as it is, or with gzip.');
  return gunzipBounded(bytes);
}

async function gunzipBounded(bytes: Buffer): Promise<Buffer> {
  try {
    // The bound holds while it unpacks: a bomb never gets to its size.
    return await unzip(bytes, { maxOutputLength: limits.httpBatchBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new RequestError(
        413,
        'body-too-large',
        `A body has at most ${limits.httpBatchBytes} bytes once it is unpacked.`,
        { cause },
      );
    throw new FormatError('invalid-gzip', 'unable to parse: the body is no whole gzip.', { cause });
  }
}
