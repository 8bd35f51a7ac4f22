/** Groups: those that the principal may see, and what an administrator does with them. */
import Type from 'typebox';
import { GroupPatch, NewGroup } from '#contract/device-patch.ts';
import type { GroupInfo } from '#contract/device.ts';
import { toGroupId } from '#contract/names.ts';
import { principalOf, requireRight } from '../guard.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { Group, GroupParams, listOf } from '../schemas.ts';

const path = '/api/v1/groups';
const tags = ['devices'];
const Query = Type.Object({
  archived: Type.Optional(Type.Boolean({ description: 'Archived groups too.' })),
});

export const groupRoutes: Routes = (app, { access, counters, devices, management }) => {
  app.route({
    method: 'GET',
    url: path,
    schema: {
      summary: 'Groups with their counts',
      tags,
      querystring: Query,
      response: { 200: listOf(Group) },
    },
    config: { permission: 'device:read', filtered: true },
    handler: async (request) => {
      const principal = principalOf(request);
      const groups: readonly GroupInfo[] =
        request.query.archived === true ? management.allGroups() : devices.groups();
      return { items: groups.filter(({ group }) => access.may(principal, 'device:read', { group })) };
    },
  });

  app.route({
    method: 'POST',
    url: path,
    schema: {
      summary: 'Make a group',
      description: 'A group is also made by the first reading of its first device.',
      tags,
      body: NewGroup,
      response: { 201: Group },
    },
    config: { permission: 'device:manage', filtered: true, audit: 'group:create' },
    handler: async (request, reply) => {
      const { title = '', group = toGroupId(title) } = request.body;
      requireRight({ access, counters }, request, 'device:manage', { group });
      const made = await management.createGroup({ ...request.body, group });
      return reply.code(201).header('location', `${path}/${made.group}`).send(made);
    },
  });

  app.route({
    method: 'GET',
    url: `${path}/:group`,
    schema: { summary: 'One group', tags, params: GroupParams, response: { 200: Group } },
    config: { permission: 'device:read' },
    handler: async ({ params: { group } }) => {
      const found = devices.group(group);
      if (found === undefined) throw notFound();
      return found;
    },
  });

  app.route({
    method: 'PATCH',
    url: `${path}/:group`,
    schema: {
      summary: 'Give a group a title, or archive it',
      tags,
      params: GroupParams,
      body: GroupPatch,
      response: { 200: Group },
    },
    config: { permission: 'device:manage', audit: 'group:change' },
    handler: async ({ params: { group }, body }) => management.changeGroup(group, body),
  });

  app.route({
    method: 'DELETE',
    url: `${path}/:group`,
    schema: {
      summary: 'Delete a group that has no devices',
      tags,
      params: GroupParams,
      response: { 204: Type.Null({ description: 'It is gone.' }) },
    },
    config: { permission: 'device:manage', audit: 'group:delete' },
    handler: async ({ params: { group } }, reply) => {
      await management.deleteGroup(group);
      return reply.code(204).send();
    },
  });
};
