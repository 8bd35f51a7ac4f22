/** Tokens: listed without secrets, made with the secret shown once, revoked at once. */
import Type from 'typebox';
import { principalOf } from '../guard.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { listOf, NewToken, Token } from '../schemas.ts';

const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Made = Type.Object({ secret: Type.String({ description: 'Shown once.' }), info: Token });
const tags = ['access'];

export const tokenRoutes: Routes = (app, { access }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/tokens',
    schema: { summary: 'All tokens, newest first', tags, response: { 200: listOf(Token) } },
    config: { permission: 'token:manage' },
    handler: async () => ({ items: access.tokens() }),
  });

  app.route({
    method: 'POST',
    url: '/api/v1/tokens',
    schema: { summary: 'Make a token', tags, body: NewToken, response: { 201: Made } },
    config: { permission: 'token:manage' },
    handler: async (request, reply) => {
      const made = await access.createToken(request.body, principalOf(request));
      return reply.code(201).send(made);
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
      if (!(await access.revokeToken(request.params.id, principalOf(request)))) throw notFound();
      return reply.code(204).send();
    },
  });
};
