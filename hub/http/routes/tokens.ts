/** Tokens: listed without secrets, made with the secret shown once, revoked at once. */
import Type from 'typebox';
import { roles, type TokenInfo } from '#contract/access.ts';
import { principalOf } from '../guard.ts';
import { pageFields, pageOf, readCursor, toPage } from '../paging.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { NewToken, Token, TokenPatch } from '../schemas.ts';

const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Made = Type.Object({ secret: Type.String({ description: 'Shown once.' }), info: Token });
const Query = Type.Object({
  ...pageFields,
  role: Type.Optional(Type.Enum([...roles])),
  live: Type.Optional(Type.Boolean({ description: 'Only those that still open something.' })),
});
const tags = ['access'];

export const tokenRoutes: Routes = (app, { access, clock }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/tokens',
    schema: {
      summary: 'Tokens, newest first',
      description: 'All of them without `limit`; revoked and expired ones too unless `live`.',
      tags,
      querystring: Query,
      response: { 200: pageOf(Token) },
    },
    config: { permission: 'token:manage' },
    handler: async ({ query: { limit, cursor, role, live = false } }) => {
      const nowMs = clock.nowUs() / 1000;
      const [last] = readCursor(cursor, 'string') ?? [];
      const all = access.tokens().filter((token) => (role ?? token.role) === token.role);
      const wanted = live ? all.filter((token) => isLive(token, nowMs)) : all;
      const rest = wanted.slice(wanted.findIndex(({ id }) => id === last) + 1);
      return toPage(rest, limit ?? rest.length, ({ id }) => [id]);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/tokens',
    schema: { summary: 'Make a token', tags, body: NewToken, response: { 201: Made } },
    config: { permission: 'token:manage' },
    handler: async (request, reply) => {
      const made = await access.createToken(request.body, principalOf(request), request.ip);
      return reply.code(201).send(made);
    },
  });

  app.route({
    method: 'PATCH',
    url: '/api/v1/tokens/:id',
    schema: {
      summary: 'Rename a token, change what it opens or when it ends',
      description:
        'A merge patch (RFC 7396): what is absent stays, `null` removes. The rights hold from this moment, for its ' +
        'sessions too: open connections end, and come back to what they may do now. The secret stays.',
      tags,
      params: Params,
      body: TokenPatch,
      response: { 200: Token },
    },
    config: { permission: 'token:manage' },
    handler: async (request) => {
      const { params, body, ip } = request;
      const changed = await access.changeToken(params.id, body, principalOf(request), ip);
      if (changed === undefined) throw notFound();
      return changed;
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/v1/tokens/:id',
    schema: {
      summary: 'Revoke a token',
      description: 'Its sessions and connections end at once.',
      tags,
      params: Params,
      response: { 204: Type.Null({ description: 'Revoked.' }) },
    },
    config: { permission: 'token:manage' },
    handler: async (request, reply) => {
      if (!(await access.revokeToken(request.params.id, principalOf(request), request.ip))) throw notFound();
      return reply.code(204).send();
    },
  });
};

function isLive({ revokedAt, expiresAt }: TokenInfo, nowMs: number): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt > nowMs);
}
