/** GET /api/v1/groups: the groups that the principal may see. */
import { principalOf } from '../guard.ts';
import type { Routes } from '../parts.ts';
import { Group, listOf } from '../schemas.ts';

export const groupRoutes: Routes = (app, { access, devices }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/groups',
    schema: { summary: 'Groups with their counts', tags: ['devices'], response: { 200: listOf(Group) } },
    config: { permission: 'device:read', filtered: true },
    handler: async (request) => {
      const principal = principalOf(request);
      return {
        items: devices.groups().filter(({ group }) => access.may(principal, 'device:read', { group })),
      };
    },
  });
};
