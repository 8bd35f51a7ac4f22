/** /api/v1/quarantine: what could never be accepted, with its reason and its bytes; replayed, exported, purged. */
import { Readable } from 'node:stream';
import Type from 'typebox';
import { RequestError } from '#contract/errors.ts';
import type { QuarantineRow, QuarantineSelection, QuarantineStore } from '#ports';
import { principalOf } from '../guard.ts';
import type { Routes } from '../parts.ts';
import { principalNames, type NameParts } from '../principal-names.ts';
import { toPayloadText } from '#contract/payload-text.ts';
import { withoutUndefined } from '../query.ts';
import { EpochMs, Limit, listOf, PayloadFields, Replayed } from '../schemas.ts';

const Item = Type.Object({
  id: Type.Integer(),
  at: EpochMs,
  code: Type.String(),
  message: Type.String(),
  source: Type.Object({
    edge: Type.String(),
    principal: Type.String(),
    principalName: Type.Optional(
      Type.String({ description: 'Of the token that the principal is, or has its session from.' }),
    ),
    address: Type.Optional(Type.String()),
    topic: Type.Optional(Type.String()),
  }),
  contentType: Type.Optional(Type.String()),
  ...PayloadFields,
});
const text = Type.String({ minLength: 1, maxLength: 1024 });
const Query = Type.Object({
  limit: Type.Optional(Limit),
  before: Type.Optional(Type.Integer({ description: 'Only rows with a smaller id: the next page.' })),
  code: Type.Optional(text),
  topic: Type.Optional(text),
});
const Answer = Type.Object({ ...listOf(Item).properties, total: Type.Integer() });
const ids = Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 1000 });
const Selection = Type.Object(
  { ids: Type.Optional(ids), code: Type.Optional(text), topic: Type.Optional(text) },
  { additionalProperties: false, description: 'Which rows; without any of these all.' },
);
const Purged = Type.Object({ purged: Type.Integer() });
const PurgeSelection = Type.Object(
  {
    ...Selection.properties,
    all: Type.Optional(Type.Literal(true, { description: 'Instead of a selection: everything.' })),
  },
  { additionalProperties: false },
);
const tags = ['mapping'];
const url = '/api/v1/quarantine';
const exportPage = 200;

export const quarantineRoutes: Routes = (app, { quarantine, quarantineDesk, access, audit }) => {
  app.route({
    method: 'GET',
    url,
    schema: {
      summary: 'Payloads that can never be accepted',
      tags,
      querystring: Query,
      response: { 200: Answer },
    },
    config: { permission: 'inbox:read' },
    handler: async ({ query: { limit = 100, ...query } }) => {
      const [rows, total] = await Promise.all([
        quarantine.list({ limit, ...withoutUndefined(query) }),
        quarantine.count(),
      ]);
      return { total, items: await toItems(rows, { access, audit }) };
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/export`,
    schema: {
      summary: 'All of it as NDJSON, the newest first',
      tags,
      response: {
        200: {
          description: 'A row a line.',
          content: { 'application/x-ndjson': { schema: Type.String() } },
        },
      },
    },
    config: { permission: 'inbox:read' },
    handler: (_request, reply) =>
      reply.type('application/x-ndjson').send(Readable.from(exported(quarantine, { access, audit }))),
  });

  app.route({
    method: 'POST',
    url: `${url}/replay`,
    schema: {
      summary: 'Offer payloads to the hub again',
      description:
        'Those that came over MQTT. What is stored already is not stored again; what is refused stays.',
      tags,
      body: Selection,
      response: { 200: Replayed },
    },
    config: { permission: 'inbox:write' },
    handler: (request) => quarantineDesk.replay(request.body, principalOf(request)),
  });

  app.route({
    method: 'POST',
    url: `${url}/purge`,
    schema: { summary: 'Delete payloads', tags, body: PurgeSelection, response: { 200: Purged } },
    config: { permission: 'inbox:write' },
    handler: async (request) => {
      const { all, ...selection } = request.body;
      if ((all === true) !== isEverything(selection))
        throw new RequestError(400, 'nothing-selected', 'Say which (ids, code or topic), or `all`.');
      return { purged: await quarantineDesk.purge(selection, principalOf(request)) };
    },
  });
};

function isEverything({ ids: some, code, topic }: QuarantineSelection): boolean {
  return some === undefined && code === undefined && topic === undefined;
}

async function toItems(rows: readonly QuarantineRow[], parts: NameParts): Promise<object[]> {
  const names = await principalNames(
    parts,
    rows.map(({ source }) => source.principal),
  );
  return rows.map(({ raw, circumstances: _circumstances, source, ...row }) => ({
    ...row,
    source: { ...source, principalName: names.get(source.principal) },
    ...(raw.contentType !== undefined && { contentType: raw.contentType }),
    ...toPayloadText(raw.bytes),
  }));
}

async function* exported(store: Pick<QuarantineStore, 'list'>, parts: NameParts): AsyncGenerator<string> {
  let before: number | undefined;
  for (;;) {
    const rows = await store.list({ limit: exportPage, before });
    for (const item of await toItems(rows, parts)) yield `${JSON.stringify(item)}\n`;
    before = rows.at(-1)?.id;
    if (rows.length < exportPage) return;
  }
}
