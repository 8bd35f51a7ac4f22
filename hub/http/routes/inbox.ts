/** GET and DELETE /api/v1/inbox: topics that nothing maps, for a person to look at. */
import Type from 'typebox';
import { limits } from '#contract/limits.ts';
import { toInboxEntry } from '#contract/mapping.ts';
import { defaultLimit, pageFields, pageOf, readCursor, toPage } from '../paging.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { EpochMs, PayloadFields } from '../schemas.ts';

const Entry = Type.Object({
  topic: Type.String(),
  ...PayloadFields,
  payloads: Type.Array(Type.Object({ at: EpochMs, ...PayloadFields }), {
    description: `The last ${limits.inboxPayloadsPerTopic}, the newest first.`,
  }),
  principal: Type.String(),
  why: Type.String(),
  count: Type.Integer(),
  firstSeen: EpochMs,
  lastSeen: EpochMs,
});
const Query = Type.Object({
  ...pageFields,
});
const Topic = Type.Object({ topic: Type.String({ minLength: 1, maxLength: limits.mqttTopicBytes }) });
const tags = ['mapping'];
const url = '/api/v1/inbox';

export const inboxRoutes: Routes = (app, { inbox }) => {
  app.route({
    method: 'GET',
    url,
    schema: {
      summary: 'Topics that nothing maps, each with its last payloads; what came up last first',
      tags,
      querystring: Query,
      response: { 200: pageOf(Entry) },
    },
    config: { permission: 'inbox:read' },
    handler: async ({ query: { limit = defaultLimit, cursor } }) => {
      const [firstSeen, topic] = readCursor(cursor, 'number', 'string') ?? [];
      const after = firstSeen === undefined || topic === undefined ? undefined : { firstSeen, topic };
      const found = await inbox.list({ limit: limit + 1, after });
      const page = toPage(found, limit, (row) => [row.firstSeen, row.topic]);
      return { ...page, items: page.items.map(toInboxEntry) };
    },
  });

  app.route({
    method: 'DELETE',
    url,
    schema: {
      summary: 'Dismiss a topic with what waits of it',
      description: 'It comes back with its next message.',
      tags,
      querystring: Topic,
      response: { 204: Type.Null({ description: 'Gone.' }) },
    },
    config: { permission: 'inbox:write' },
    handler: async ({ query: { topic } }, reply) => {
      if (!(await inbox.remove(topic))) throw notFound();
      return reply.code(204).send();
    },
  });
};
