/** The stub hub's routes of what people look after: retention and groups. */
import type { FastifyInstance } from 'fastify';
import type { GroupPatch } from '#contract/device-patch.ts';
import type { RetentionPolicy, RetentionRule } from '#contract/retention.ts';
import { groupsOf } from './stub-fleet.ts';
import type { StubHub } from './stub-hub.ts';
import { problem } from './stub-problem.ts';

export class StubKeeping {
  retention: RetentionPolicy = {
    defaultDays: 365,
    rules: [
      { group: 'power', metric: 'power_*', days: 30 },
      { metric: 'energy', days: null },
    ],
  };
  readonly emptyGroups = new Map([
    ['attic', { group: 'attic', title: 'Attic', devices: 0, online: 0, stale: 0 }],
  ]);
  readonly groupPatches: (GroupPatch & { readonly group: string })[] = [];
}

export function addKeepingRoutes(http: FastifyInstance, hub: StubHub): void {
  const { keeping } = hub;
  http.get('/api/v1/retention', async () => keeping.retention);
  http.put('/api/v1/retention', async (request, reply) => {
    const { rules } = request.body as { rules: readonly RetentionRule[] };
    if (rules.some(({ group }) => group === 'nowhere'))
      return await problem(reply, 422, 'invalid-rule', 'The rule names a group that cannot be.');
    keeping.retention = { ...keeping.retention, rules };
    return keeping.retention;
  });
  http.get('/api/v1/groups', async () => ({
    items: [...groupsOf(hub.devices), ...keeping.emptyGroups.values()],
  }));
  http.patch('/api/v1/groups/:group', async (request, reply) => {
    const { group } = request.params as { group: string };
    const patch = request.body as GroupPatch;
    if (patch.archived === true && !keeping.emptyGroups.has(group))
      return await problem(
        reply,
        409,
        'group-not-empty',
        'A group can be archived when all of its devices are.',
      );
    keeping.groupPatches.push({ group, ...patch });
    return await reply.send({});
  });
  http.delete('/api/v1/groups/:group', async (request, reply) => {
    const { group } = request.params as { group: string };
    if (!keeping.emptyGroups.delete(group))
      return await problem(reply, 409, 'group-not-empty', 'A group can be deleted when it has no devices.');
    return await reply.code(204).send();
  });
}
