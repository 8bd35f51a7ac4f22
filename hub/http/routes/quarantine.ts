/** GET /api/v1/quarantine: what could never be accepted, with its reason and its bytes. */
import Type from 'typebox';
import type { Routes } from '../parts.ts';
import { toPayloadText } from '../payload-text.ts';
import { EpochMs, Limit, listOf } from '../schemas.ts';

const Item = Type.Object({
  id: Type.Integer(),
  at: EpochMs,
  code: Type.String(),
  message: Type.String(),
  source: Type.Object({
    edge: Type.String(),
    principal: Type.String(),
    address: Type.Optional(Type.String()),
    topic: Type.Optional(Type.String()),
  }),
  contentType: Type.Optional(Type.String()),
  payload: Type.String(),
  encoding: Type.Enum(['utf8', 'base64']),
});
const Query = Type.Object({ limit: Type.Optional(Limit) });
const Answer = Type.Object({ ...listOf(Item).properties, total: Type.Integer() });

export const quarantineRoutes: Routes = (app, { quarantine }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/quarantine',
    schema: {
      summary: 'Payloads that can never be accepted',
      tags: ['operation'],
      querystring: Query,
      response: { 200: Answer },
    },
    config: { permission: 'inbox:read' },
    handler: async ({ query: { limit = 100 } }) => {
      const [rows, total] = await Promise.all([quarantine.list(limit), quarantine.count()]);
      const items = rows.map(({ raw, ...row }) => {
        const contentType = raw.contentType === undefined ? {} : { contentType: raw.contentType };
        return { ...row, ...contentType, ...toPayloadText(raw.bytes) };
      });
      return { total, items };
    },
  });
};
