/**
 * The bytes of a request, for routes that decode them themselves. Spec: RFC 9112 §6.3 (Content-Length) and §7.1
 * (chunks, whose length only their end tells).
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { RequestError } from '#contract/errors.ts';

type Done = (error: Error | null, body?: Buffer) => void;

const nothing = Buffer.alloc(0);

/**
 * A content type parser of Fastify that hands over the bytes as they came: 413 beyond `maxBytes`, 400 when the
 * client goes away before the end. How long a client may take is the server's `requestTimeout`.
 */
export function wholeBody(
  maxBytes: number,
): (request: FastifyRequest, payload: IncomingMessage, done: Done) => void {
  return ({ headers }, payload, done) => {
    const length = Number(headers['content-length']);
    if (length > maxBytes) return done(tooLarge(maxBytes));
    // Node hands over the head first, then what came with it. A reading mostly does: listeners, and the end of a
    // stream that says nothing new, would be a tenth of its request.
    process.nextTick(() => {
      if (payload.readableLength === length) done(null, (payload.read() as Buffer | null) ?? nothing);
      else gather(payload, maxBytes, done);
    });
  };
}

function gather(payload: IncomingMessage, maxBytes: number, done: Done): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > maxBytes) return finish(tooLarge(maxBytes));
    chunks.push(chunk);
  };
  const end = (): void => finish(null, Buffer.concat(chunks, size));
  const fail = (cause: Error): void =>
    finish(new RequestError(400, 'incomplete-body', 'The body did not come to its end.', { cause }));
  const finish = (error: Error | null, body?: Buffer): void => {
    payload.off('data', take).off('end', end).off('error', fail);
    done(error, body);
  };
  payload.on('data', take).on('end', end).on('error', fail);
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(413, 'body-too-large', `A body has at most ${maxBytes} bytes.`);
}
