/** GET /api/v1/audit: who did what, newest first. */
import Type from 'typebox';
import type { Routes } from '../parts.ts';
import { EpochMs, Limit, listOf } from '../schemas.ts';

const Entry = Type.Object({
  at: EpochMs,
  principal: Type.String(),
  address: Type.Optional(Type.String()),
  action: Type.String(),
  target: Type.String(),
  outcome: Type.String(),
});
const Query = Type.Object({ limit: Type.Optional(Limit) });

export const auditRoutes: Routes = (app, { audit }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/audit',
    schema: {
      summary: 'The audit log, newest first',
      tags: ['operation'],
      querystring: Query,
      response: { 200: listOf(Entry) },
    },
    config: { permission: 'token:manage' },
    handler: async ({ query: { limit = 100 } }) => ({ items: await audit.list(limit) }),
  });
};
