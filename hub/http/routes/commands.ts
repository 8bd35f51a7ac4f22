/** Commands to devices: sent with 202, followed by their `Location`. */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { CommandRequest } from '#contract/command.ts';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { isCommandId } from '#contract/names.ts';
import { principalOf } from '../guard.ts';
import { defaultLimit, pageFields, pageOf, PageQuery, readCursor, toPage } from '../paging.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { withoutUndefined } from '../query.ts';
import { AnyJson, Command, CommandParams, DeviceParams, GroupParams } from '../schemas.ts';

const NewCommand = Type.Object(
  {
    id: Type.Optional(Type.String({ description: 'The same as the header Idempotency-Key.' })),
    name: Type.String({ minLength: 1, maxLength: limits.idChars }),
    args: Type.Optional(AnyJson),
    ttlMs: Type.Optional(Type.Number({ minimum: 1, maximum: limits.commandTtlMs })),
    waitForDevice: Type.Optional(Type.Boolean()),
    supersede: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
const GroupListQuery = Type.Object({
  ...pageFields,
  device: Type.Optional(Type.String({ maxLength: limits.idChars })),
});
const tags = ['commands'];
const ofDevice = '/api/v1/groups/:group/devices/:device/commands';
const ofGroup = '/api/v1/groups/:group/commands';

export const commandRoutes: Routes = (app, { commands, devices }) => {
  app.route({
    method: 'POST',
    url: ofDevice,
    schema: {
      summary: 'Send a command',
      description:
        '202: the command is durable and on its way. Repeat with the same Idempotency-Key at will.',
      tags,
      params: DeviceParams,
      headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ maxLength: 64 })) }),
      body: NewCommand,
      response: { 202: Command },
    },
    config: { permission: 'command:send', ownIdempotency: true },
    handler: async (request, reply) => {
      const { group, device } = request.params;
      const found = devices.get(group, device);
      if (found === undefined || found.admission !== undefined) throw notFound();
      const command: CommandRequest = withoutUndefined({ ...request.body, device, id: idOf(request) });
      const record = await commands.send(group, command, principalOf(request), request.ip);
      reply.header('location', `/api/v1/groups/${group}/commands/${record.id}`);
      return reply.code(202).send(record);
    },
  });

  app.route({
    method: 'GET',
    url: ofDevice,
    schema: {
      summary: 'Commands of one device, newest first',
      tags,
      params: DeviceParams,
      querystring: PageQuery,
      response: { 200: pageOf(Command) },
    },
    config: { permission: 'device:read' },
    handler: async ({ params: { group, device }, query: { limit = defaultLimit, cursor } }) => {
      if (devices.get(group, device) === undefined) throw notFound();
      const found = await commands.list(group, { device, limit: limit + 1, before: beforeOf(cursor) });
      return toPage(found, limit, ({ id }) => [id]);
    },
  });

  app.route({
    method: 'GET',
    url: ofGroup,
    schema: {
      summary: 'Commands of a group, newest first',
      tags,
      params: GroupParams,
      querystring: GroupListQuery,
      response: { 200: pageOf(Command) },
    },
    config: { permission: 'device:read' },
    handler: async ({ params: { group }, query: { limit = defaultLimit, cursor, device } }) => {
      if (devices.group(group) === undefined) throw notFound();
      const found = await commands.list(group, { device, limit: limit + 1, before: beforeOf(cursor) });
      return toPage(found, limit, ({ id }) => [id]);
    },
  });

  app.route({
    method: 'POST',
    url: `${ofGroup}/:id/cancel`,
    schema: {
      summary: 'Take back a command that waits for its device',
      description: 'What is on its way cannot be taken back: 409.',
      tags,
      params: CommandParams,
      response: { 200: Command },
    },
    config: { permission: 'command:send', audit: 'command:cancel' },
    handler: async ({ params: { group, id } }) => commands.cancel(group, id),
  });

  app.route({
    method: 'GET',
    url: `${ofGroup}/:id`,
    schema: { summary: 'One command', tags, params: CommandParams, response: { 200: Command } },
    config: { permission: 'device:read' },
    handler: async ({ params: { group, id } }) => {
      const found = await commands.get(group, id);
      if (found === undefined) throw notFound();
      return found;
    },
  });
};

function beforeOf(cursor: string | undefined): string | undefined {
  return readCursor(cursor, 'string')?.[0];
}

/** From the header or the body; undefined = the hub makes one. */
function idOf({ headers, body }: Pick<FastifyRequest, 'headers' | 'body'>): string | undefined {
  const inHeader = headers['idempotency-key'];
  const inBody = (body as Type.Static<typeof NewCommand>).id;
  if (inHeader !== undefined && inBody !== undefined && inHeader !== inBody)
    throw new RequestError(400, 'two-ids', 'The Idempotency-Key and the `id` of the body differ.');
  const id = inHeader ?? inBody;
  if (id === undefined) return undefined;
  if (typeof id !== 'string' || !isCommandId(id))
    throw new RequestError(400, 'invalid-id', 'A command id is 1 to 64 of A-Z, a-z, 0-9, _ and -.');
  return id;
}
