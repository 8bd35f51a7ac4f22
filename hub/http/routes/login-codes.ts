/** POST /api/v1/login-codes: a link that logs a browser in, once. */
import Type from 'typebox';
import { principalOf } from '../guard.ts';
import type { Routes } from '../parts.ts';
import { EpochMs } from '../schemas.ts';

const Made = Type.Object({
  code: Type.String(),
  path: Type.String({
    description: 'Open it in a browser: a GET consumes nothing, the page exchanges the code.',
  }),
  expiresAt: EpochMs,
});

export const loginCodeRoutes: Routes = (app, { access }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/login-codes',
    schema: { summary: 'Make a login link: 24 h, single use', tags: ['access'], response: { 201: Made } },
    config: { permission: 'token:manage' },
    handler: async (request, reply) => {
      const { code, expiresAt } = await access.createLoginCode(principalOf(request), request.ip);
      return reply.code(201).send({ code, path: `/#login=${code}`, expiresAt });
    },
  });
};
