/** The OpenAPI document, made from the schemas of the routes. Spec: OpenAPI 3.1. */
import swagger from '@fastify/swagger';
import type { FastifyContextConfig, FastifySchema } from 'fastify';
import Type from 'typebox';
import type { App } from './parts.ts';
import { problemType } from './problem.ts';
import { Problem } from './schemas.ts';

const problems: Readonly<Record<number, string>> = {
  400: 'The request does not fit the schema.',
  401: 'A token or a login is needed.',
  403: 'The role does not allow this.',
  404: 'There is nothing here, or it is not yours to see.',
  409: 'It does not fit what is there; or the first request with this Idempotency-Key is under way.',
  412: 'The version of If-Match is not the present one.',
  413: 'It is too large.',
  415: 'Not with this content type.',
  422: 'It can never be accepted: do not repeat it. Telemetry is in quarantine.',
  429: 'Too many, or too fast.',
  503: 'Not now: repeat after the seconds in Retry-After.',
};

const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 128,
      description:
        'A repeat with the same key and body gets the first answer for an hour, and is not carried out again.',
    }),
  ),
});

/** Must be called before the routes are added. */
export async function installOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Signalbox',
        version,
        description:
          'Readings in, history and commands out. Errors are problem+json (RFC 9457) with a stable `code`.',
        license: { name: 'MIT' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'signalbox_session' },
        },
      },
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: describe(schema, url, String(route.method), route.config ?? {}),
    }),
  });
}

/** Adds what every route has in common: its permission, how to authenticate, how to repeat, and its refusals. */
function describe(
  schema: FastifySchema,
  url: string,
  method: string,
  { permission, filtered }: Pick<FastifyContextConfig, 'permission' | 'filtered'>,
): FastifySchema & { readonly 'x-permission': string | undefined } {
  const isPublic = permission === 'public';
  const refusals = refusalsOf(url, method, { isPublic, filtered });
  const refused = Object.fromEntries(refusals.map((status) => [status, problemResponse(status)]));
  return {
    ...schema,
    ...(method === 'POST' && { headers: schema.headers ?? IdempotencyHeaders }),
    security: isPublic ? [] : [{ token: [] }, { session: [] }],
    response: { ...refused, ...(schema.response as object | undefined) },
    'x-permission': permission,
  };
}

/** Which refusals a route may answer with, by what it is: the tests of all routes hold this to be complete. */
function refusalsOf(
  url: string,
  method: string,
  { isPublic, filtered = false }: { readonly isPublic: boolean; readonly filtered: boolean | undefined },
): readonly number[] {
  const isPost = method === 'POST';
  const changes = method !== 'GET' && method !== 'HEAD';
  const hasBody = changes && method !== 'DELETE';
  return [
    400,
    // Without a login, too, a change must come from a page of this hub.
    ...(isPublic && !changes ? [] : [401, 403]),
    ...(url.includes(':') || filtered || method === 'DELETE' ? [404] : []),
    ...(changes ? [409] : []),
    ...(url.endsWith('/desired') ? [412] : []),
    ...(hasBody ? [413, 415, 422] : []),
    ...(url.endsWith('/history') ? [422] : []),
    ...(isPost && /\/(?:commands|session)$/.test(url) ? [429] : []),
    ...(isPost && url.includes(':device') ? [503] : []),
  ];
}

function problemResponse(status: number): object {
  return { description: problems[status], content: { [problemType]: { schema: Problem } } };
}
