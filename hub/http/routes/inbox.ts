/** GET /api/v1/inbox: topics that nothing maps, for a person to look at. */
import Type from 'typebox';
import { limits } from '#contract/limits.ts';
import type { Routes } from '../parts.ts';
import { toPayloadText } from '../payload-text.ts';
import { EpochMs, listOf } from '../schemas.ts';

const Entry = Type.Object({
  topic: Type.String(),
  payload: Type.String({ description: 'The last payload.' }),
  encoding: Type.Enum(['utf8', 'base64']),
  principal: Type.String(),
  why: Type.String(),
  count: Type.Integer(),
  firstSeen: EpochMs,
  lastSeen: EpochMs,
});
const Query = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.inboxTopics })),
});

export const inboxRoutes: Routes = (app, { inbox }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/inbox',
    schema: {
      summary: 'Topics that nothing maps',
      tags: ['operation'],
      querystring: Query,
      response: { 200: listOf(Entry) },
    },
    config: { permission: 'inbox:read' },
    handler: async ({ query: { limit = 100 } }) => {
      const rows = await inbox.list(limit);
      return { items: rows.map((row) => ({ ...row, ...toPayloadText(row.payload) })) };
    },
  });
};
