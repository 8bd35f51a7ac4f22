/** The stub hub's routes of what people look after: retention, groups, quarantine. */
import type { FastifyInstance } from 'fastify';
import type { DeviceInfo } from '#contract/device.ts';
import type { DeviceMove, DevicePatch, GroupPatch } from '#contract/device-patch.ts';
import type { InboxEntry } from '#contract/mapping.ts';
import type { RetentionPolicy } from '#contract/retention.ts';
import type { RetentionRule } from '#contract/retention-rules.ts';
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
  /** Newest first. A replay takes those of MQTT. */
  quarantine = Array.from({ length: 230 }, (_, index) => quarantined(230 - index));
  readonly emptyGroups = new Map([
    ['attic', { group: 'attic', title: 'Attic', devices: 0, online: 0, stale: 0 }],
  ]);
  /** Devices that the lists leave out, by why. */
  readonly hidden = new Map<string, readonly DeviceInfo[]>();
  readonly devicePatches: DevicePatch[] = [];
  readonly moves: DeviceMove[] = [];
  readonly groupPatches: (GroupPatch & { readonly group: string })[] = [];
}

export function usualInbox(): InboxEntry[] {
  return [
    {
      topic: 'tele/unknown-thing/SENSOR',
      payload: '{"Time":"2026-11-22T21:00:00","XSENSOR":{"Temp":21.4}}',
      encoding: 'utf8',
      principal: 'gateway-1',
      why: 'No mapping knows this topic.',
      count: 1284,
      firstSeen: Date.now() - 7_200_000,
      lastSeen: Date.now() - 3000,
      payloads: [],
    },
    {
      topic: 'office/printer/<b>toner</b>',
      payload: 'low',
      encoding: 'utf8',
      principal: 'gateway-1',
      why: 'No mapping knows this topic.',
      count: 1,
      firstSeen: Date.now() - 900_000,
      lastSeen: Date.now() - 900_000,
      payloads: [],
    },
  ];
}

function quarantined(id: number) {
  const isMqtt = id % 2 === 0;
  return {
    id,
    at: Date.now() - (231 - id) * 60_000,
    code: isMqtt ? 'not-json' : 'bad-line',
    message: isMqtt ? 'The payload is not JSON.' : 'The line has no field.',
    source: isMqtt
      ? { edge: 'mqtt', principal: 'gateway-1', topic: 'tele/<b>boiler</b>/SENSOR' }
      : { edge: 'http', principal: 'telegraf' },
    payload: isMqtt ? '{"Temp":21.' : 'cpu,host=a ',
    encoding: 'utf8',
  };
}

function addQuarantineRoutes(http: FastifyInstance, { keeping }: StubHub): void {
  http.get('/api/v1/quarantine', (request) => {
    const {
      limit,
      before = Infinity,
      code,
    } = request.query as { limit: number; before?: number; code?: string };
    const fitting = keeping.quarantine.filter(
      (row) => row.id < before && (code === undefined || row.code === code),
    );
    return { items: fitting.slice(0, limit), total: keeping.quarantine.length };
  });
  http.post('/api/v1/quarantine/replay', (request) => {
    const { ids } = request.body as { ids: readonly number[] };
    const taken = ids.filter((id) => id % 2 === 0);
    keeping.quarantine = keeping.quarantine.filter(({ id }) => !taken.includes(id));
    const stayed = ids.length - taken.length;
    return {
      messages: taken.length,
      readings: taken.length,
      left: stayed === 0 ? {} : { 'not-from-mqtt': stayed },
    };
  });
  http.post('/api/v1/quarantine/purge', (request) => {
    const { ids } = request.body as { ids: readonly number[] };
    const before = keeping.quarantine.length;
    keeping.quarantine = keeping.quarantine.filter(({ id }) => !ids.includes(id));
    return { purged: before - keeping.quarantine.length };
  });
}

function addDeviceRoutes(http: FastifyInstance, { keeping, devices }: StubHub): void {
  http.get('/api/v1/devices', (request) => {
    const { admission = 'archived' } = request.query as { admission?: string };
    return { items: keeping.hidden.get(admission) ?? [] };
  });
  http.patch('/api/v1/groups/:group/devices/:device', (request) => {
    keeping.devicePatches.push(request.body as DevicePatch);
    return {};
  });
  http.post('/api/v1/groups/:group/devices/:device/move', async (request, reply) => {
    const to = request.body as DeviceMove;
    const isTaken = devices.some(({ info }) => info.group === to.group && info.device === to.device);
    if (isTaken && to.merge !== true)
      return await problem(
        reply,
        409,
        'device-exists',
        'There is a device of this name: merge, if they are one.',
      );
    keeping.moves.push(to);
    return {};
  });
}

export function addKeepingRoutes(http: FastifyInstance, hub: StubHub): void {
  const { keeping } = hub;
  addQuarantineRoutes(http, hub);
  addDeviceRoutes(http, hub);
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
