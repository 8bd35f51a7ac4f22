/** The OpenAPI document, made from the schemas of the routes. Spec: OpenAPI 3.1. */
import swagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import type { Permission } from './guard.ts';
import type { App } from './parts.ts';
import { problemType } from './problem.ts';
import { Problem } from './schemas.ts';

const problems: Readonly<Record<number, string>> = {
  400: 'The request does not fit the schema.',
  401: 'A token or a login is needed.',
  403: 'The role does not allow this.',
  404: 'There is nothing here, or it is not yours to see.',
  422: 'Nothing in it can ever be accepted; it is in quarantine. Do not repeat it.',
  503: 'Not now: repeat after the seconds in Retry-After.',
};

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
      schema: describe(schema, url, String(route.method), route.config?.permission),
    }),
  });
}

/** Adds what every route has in common: its permission, how to authenticate, and its refusals. */
function describe(
  schema: FastifySchema,
  url: string,
  method: string,
  permission: Permission | undefined,
): FastifySchema & { readonly 'x-permission': string | undefined } {
  const isPublic = permission === 'public';
  const refusals = [
    400,
    ...(isPublic ? [] : [401, 403]),
    ...(url.includes(':') ? [404] : []),
    ...(method === 'POST' && url.includes(':device') ? [422, 503] : []),
  ];
  const refused = Object.fromEntries(refusals.map((status) => [status, problemResponse(status)]));
  return {
    ...schema,
    security: isPublic ? [] : [{ token: [] }, { session: [] }],
    response: { ...refused, ...(schema.response as object | undefined) },
    'x-permission': permission,
  };
}

function problemResponse(status: number): object {
  return { description: problems[status], content: { [problemType]: { schema: Problem } } };
}
