/** /api/v1/mappings: what people say about topics that no family knows; tried first on what waits in the inbox. */
import Type from 'typebox';
import { MappingDraft, toPreviewed } from '#contract/mapping.ts';
import { principalOf } from '../guard.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { EpochMs, listOf, Mapping, PayloadFields, Quality, Replayed, Value } from '../schemas.ts';

const Saved = Type.Object({ mapping: Mapping, applied: Replayed });
const Reading = Type.Object({
  group: Type.String(),
  device: Type.String(),
  metric: Type.String(),
  value: Value,
  quality: Type.Optional(Quality),
  unit: Type.Optional(Type.String({ description: 'UCUM.' })),
  time: Type.Optional(EpochMs),
});
const Problem = Type.Object({
  path: Type.String({ description: 'Where in the payload; empty for the whole.' }),
  code: Type.String(),
  message: Type.String(),
});
const Preview = Type.Object({
  topics: Type.Integer({ description: 'Topics of the inbox that the template selects.' }),
  items: Type.Array(
    Type.Object({
      topic: Type.String(),
      at: EpochMs,
      ...PayloadFields,
      readings: Type.Array(Reading),
      problems: Type.Array(Problem),
    }),
    { description: 'Their last payloads and what would become of each, the newest first; at most 50.' },
  ),
});
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const tags = ['mapping'];
const url = '/api/v1/mappings';

export const mappingRoutes: Routes = (app, { mappings }) => {
  app.route({
    method: 'GET',
    url,
    schema: { summary: 'All mappings, the oldest first', tags, response: { 200: listOf(Mapping) } },
    config: { permission: 'inbox:read' },
    handler: async () => ({ items: mappings.list() }),
  });

  app.route({
    method: 'POST',
    url: `${url}/preview`,
    schema: {
      summary: 'Try a mapping on what waits in the inbox',
      description: 'Stores nothing.',
      tags,
      body: MappingDraft,
      response: { 200: Preview },
    },
    config: { permission: 'inbox:read' },
    handler: async ({ body }) => {
      const { topics, messages } = await mappings.preview(body);
      return { topics, items: messages.map(toPreviewed) };
    },
  });

  app.route({
    method: 'POST',
    url,
    schema: {
      summary: 'Make a mapping',
      description: 'It is used for every message from now on, and takes in what waits in the inbox.',
      tags,
      body: MappingDraft,
      response: { 201: Saved },
    },
    config: { permission: 'inbox:write' },
    handler: async (request, reply) =>
      reply.code(201).send(await mappings.save(request.body, principalOf(request))),
  });

  app.route({
    method: 'PUT',
    url: `${url}/:id`,
    schema: {
      summary: 'Change a mapping',
      description: 'What it mapped before stays; what waits in the inbox is tried again.',
      tags,
      params: Params,
      body: MappingDraft,
      response: { 200: Saved },
    },
    config: { permission: 'inbox:write' },
    handler: (request) => mappings.save(request.body, principalOf(request), request.params.id),
  });

  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    schema: {
      summary: 'Delete a mapping',
      description: 'What it mapped before stays.',
      tags,
      params: Params,
      response: { 204: Type.Null({ description: 'Deleted.' }) },
    },
    config: { permission: 'inbox:write' },
    handler: async (request, reply) => {
      if (!(await mappings.remove(request.params.id, principalOf(request)))) throw notFound();
      return reply.code(204).send();
    },
  });
};
