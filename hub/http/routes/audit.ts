/** GET /api/v1/audit: who did what, from where, when and with which outcome; newest first. */
import Type from 'typebox';
import { defaultLimit, pageFields, pageOf, readCursor, toPage } from '../paging.ts';
import type { Routes } from '../parts.ts';
import { principalNames } from '../principal-names.ts';
import { EpochMs } from '../schemas.ts';

const TokenName = Type.Optional(
  Type.String({ description: 'Where it is a token, or a session of one: its name.' }),
);
const Entry = Type.Object({
  id: Type.Integer(),
  at: EpochMs,
  principal: Type.String(),
  principalName: TokenName,
  address: Type.Optional(Type.String()),
  action: Type.String(),
  target: Type.String(),
  targetName: TokenName,
  outcome: Type.String(),
});
const text = Type.String({ minLength: 1, maxLength: 200 });
const Query = Type.Object({
  ...pageFields,
  principal: Type.Optional(text),
  action: Type.Optional(
    Type.String({
      ...text,
      description: 'The action or the beginning of it: `command:` is all of commands.',
    }),
  ),
  target: Type.Optional(Type.String({ ...text, description: 'Occurs in the target.' })),
});

export const auditRoutes: Routes = (app, { audit, access }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/audit',
    schema: {
      summary: 'The audit log, newest first',
      tags: ['operation'],
      querystring: Query,
      response: { 200: pageOf(Entry) },
    },
    config: { permission: 'token:manage' },
    handler: async ({ query: { limit = defaultLimit, cursor, ...wanted } }) => {
      const [before] = readCursor(cursor, 'number') ?? [];
      const found = await audit.list(limit + 1, { ...wanted, before });
      const names = await principalNames(
        { access, audit },
        found.map(({ principal }) => principal),
      );
      const named = found.map((row) => ({
        ...row,
        principalName: names.get(row.principal),
        targetName: access.nameOf(row.target),
      }));
      return toPage(named, limit, ({ id }) => [id]);
    },
  });
};
