/**
 * `Idempotency-Key` on every POST: the first answer is remembered for an hour and given again, so that a client which
 * does not know whether its request arrived may simply repeat it.
 * Spec: draft-ietf-httpapi-idempotency-key-header. Bounded, in memory: after a restart a repeat is a new request.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '#contract/errors.ts';
import type { App, HttpParts } from './parts.ts';
import { pathOf } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route knows its own repeats, and for longer. */
    ownIdempotency?: boolean;
  }
  interface FastifyRequest {
    /** Where the answer to this request is to be kept. */
    repeatable: Kept | undefined;
  }
}

interface Kept {
  readonly fingerprint: string;
  readonly untilMs: number;
  /** Absent while the first request is under way. */
  answer?: {
    readonly status: number;
    readonly type: string;
    readonly location: string | undefined;
    readonly body: string;
  };
}

const keptMs = 3_600_000;
const keptAnswers = 10_000;
const keptBodyBytes = 64 * 1024;
const keyPattern = /^[\x21-\x7e]{1,128}$/;

export function installIdempotency(
  app: App,
  { clock, counters }: Pick<HttpParts, 'clock' | 'counters'>,
): void {
  /** Oldest first. */
  const kept = new Map<string, Kept>();
  app.decorateRequest('repeatable');

  // Waits for nothing: a promise for each request would be work for nothing.
  app.addHook('preHandler', (request, reply, done) => {
    const key = keyOf(request);
    if (key === undefined || !isRepeat(key, request, reply)) done();
  });

  /** @returns whether the answer is given already */
  const isRepeat = (key: string, request: FastifyRequest, reply: FastifyReply): boolean => {
    const nowMs = clock.monotonicMs();
    forgetOld(kept, nowMs);
    const known = kept.get(key);
    const fingerprint = fingerprintOf(request);
    if (known !== undefined) {
      repeat(known, fingerprint, reply);
      return true;
    }
    if (kept.size >= keptAnswers) counters.count('http', 'idempotency-keys-full');
    else {
      request.repeatable = { fingerprint, untilMs: nowMs + keptMs };
      kept.set(key, request.repeatable);
    }
    return false;
  };

  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.repeatable !== undefined) keep(request.repeatable, request, reply, payload);
    done(null, payload);
  });

  const keep = (repeatable: Kept, request: FastifyRequest, reply: FastifyReply, payload: unknown): void => {
    const body = typeof payload === 'string' ? payload : '';
    const location = reply.getHeader('location');
    const isAnswer = reply.statusCode < 500 && reply.statusCode !== 429 && body.length <= keptBodyBytes;
    if (!isAnswer) return void kept.delete(keyOf(request) ?? '');
    repeatable.answer = {
      status: reply.statusCode,
      type: String(reply.getHeader('content-type') ?? 'application/json'),
      location: location === undefined ? undefined : String(location),
      body,
    };
  };
}

function keyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined || request.method !== 'POST') return undefined;
  if (request.config.ownIdempotency === true) return undefined;
  if (typeof header !== 'string' || !keyPattern.test(header))
    throw new RequestError(400, 'invalid-key', 'An Idempotency-Key is 1 to 128 visible ASCII characters.');
  // Another caller's key is another key.
  return `${request.principal?.id ?? request.ip} ${pathOf(request)} ${header}`;
}

function repeat({ fingerprint, answer }: Kept, asked: string, reply: FastifyReply): void {
  if (fingerprint !== asked)
    throw new RequestError(422, 'key-reused', 'This Idempotency-Key belongs to a request with another body.');
  if (answer === undefined)
    throw new RequestError(409, 'in-progress', 'The first request with this Idempotency-Key is under way.');
  if (answer.location !== undefined) reply.header('location', answer.location);
  reply
    .code(answer.status)
    .header('idempotency-replayed', 'true')
    .type(answer.type)
    .serializer((text: unknown) => String(text))
    .send(answer.body);
}

function fingerprintOf({ body, url }: FastifyRequest): string {
  const bytes = body instanceof Uint8Array ? body : JSON.stringify(body ?? null);
  return createHash('sha256').update(url).update('\n').update(bytes).digest('base64url');
}

function forgetOld(kept: Map<string, Kept>, nowMs: number): void {
  for (const [key, { untilMs }] of kept) {
    if (untilMs > nowMs) return;
    kept.delete(key);
  }
}
