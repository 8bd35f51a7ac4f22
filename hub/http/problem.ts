/**
 * Every error as `application/problem+json`. Spec: RFC 9457. `code` is stable; `detail` is for people; what went
 * wrong inside the hub is for its log only.
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { RejectedDeliveryError, RequestError, TryAgainError } from '#contract/errors.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import type { HttpParts } from './parts.ts';
import { allowedOf, describeFound, describeType, type Given } from './schema-problem.ts';

export const problemType = 'application/problem+json';

export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** What the schema says is wrong, as JSON Pointers. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** Fastify's own refusals under our codes. */
const fastifyCodes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'wrong-content-length',
  FST_ERR_BAD_URL: 'bad-url',
  FST_ERR_MAX_PARAM_LENGTH: 'bad-url',
};

const noRequest: Given = { query: {}, params: {}, type: undefined, types: [] };

/** One answer for what is not there and for what the caller may not know of: they cannot be told apart. */
export function notFound(): RequestError {
  return new RequestError(404, 'not-found', 'There is nothing here, or it is not yours to see.');
}

/** @param given the request, whose parameters the sentence may repeat */
export function toProblem(error: unknown, given: Given = noRequest): Problem {
  if (error instanceof RequestError) return problem(error.status, error.code, error.message);
  if (error instanceof TryAgainError) return problem(503, error.code, error.message);
  if (error instanceof RejectedDeliveryError) return problem(422, error.code, error.message);
  if (error instanceof FormatError) return problem(400, error.code, error.message);
  return isFastifyError(error)
    ? fromFastify(error, given)
    : problem(500, 'internal', 'The hub failed to handle this request.');
}

export type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Answers whatever was thrown while a request was handled.
 * @param present writes the body where a foreign API has its own shape of errors
 */
export function createErrorHandler(
  { log }: Pick<HttpParts, 'log'>,
  present: (problem: Problem, reply: FastifyReply) => object = (body, reply) => {
    reply.type(problemType);
    return body;
  },
): ErrorHandler {
  return (error, request, reply) => {
    const body = toProblem(error, givenOf(request));
    if (body.status === 500)
      log.error('A request failed inside the hub.', { method: request.method, path: pathOf(request), error });
    const { retryAfterMs } = error instanceof TryAgainError || error instanceof RequestError ? error : {};
    if (retryAfterMs !== undefined)
      reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
    if (body.status === 401) reply.header('www-authenticate', 'Bearer realm="signalbox"');
    reply.code(body.status).send(present(body, reply));
  };
}

/** Without the query: it may hold what must not be logged. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  return url.split('?', 1)[0] ?? '';
}

function givenOf({ query, params, headers, routeOptions }: FastifyRequest): Given {
  return { query, params, type: headers['content-type'], types: routeOptions.schema?.consumes ?? [] };
}

function fromFastify(error: FastifyError, given: Given): Problem {
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500)
    return problem(500, 'internal', 'The hub failed to handle this request.');
  if (status === 415) return problem(415, 'unsupported-media-type', describeType(given));
  if (error.validation === undefined)
    return problem(status, fastifyCodes[error.code] ?? 'bad-request', error.message);
  const [first] = error.validation;
  const where = error.validationContext ?? 'request';
  const detail =
    first === undefined ? `The ${where} does not fit the schema.` : describeFound(first, where, given);
  const errors = error.validation.slice(0, 20).map((found) => ({
    pointer: found.instancePath,
    detail: allowedOf(found),
  }));
  return { ...problem(400, 'invalid-request', detail), errors };
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && ('statusCode' in error || 'validation' in error);
}

function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail };
}
