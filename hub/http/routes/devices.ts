/** Devices as the registry knows them, and their newest readings. */
import Type from 'typebox';
import { presences, type DeviceInfo } from '#contract/device.ts';
import { principalOf } from '../guard.ts';
import { defaultLimit, pageFields, pageOf, PageQuery, readCursor, toPage } from '../paging.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { withoutUndefined } from '../query.ts';
import { Device, DeviceParams, GroupParams, LatestReading, listOf } from '../schemas.ts';

const path = '/api/v1/groups/:group/devices';
const tags = ['devices'];
const Query = Type.Object({
  ...pageFields,
  text: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Words that all occur in the ids, the title, the model, a metric or a label.',
    }),
  ),
  group: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
  presence: Type.Optional(Type.Enum([...presences])),
  admission: Type.Optional(
    Type.Enum(['waiting', 'denied'], { description: 'Only those that wait for approval, or were denied.' }),
  ),
  archived: Type.Optional(Type.Boolean({ description: 'Only archived ones.' })),
});

export const deviceRoutes: Routes = (app, { access, devices, live }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/devices',
    schema: {
      summary: 'Devices of all groups',
      description:
        'In the order of group and id. Without archived, waiting and denied ones unless asked for.',
      tags,
      querystring: Query,
      response: { 200: pageOf(Device) },
    },
    config: { permission: 'device:read', filtered: true },
    handler: async (request) => {
      const { limit = defaultLimit, cursor, group, ...wanted } = request.query;
      const principal = principalOf(request);
      if (group !== undefined && !access.may(principal, 'device:read', { group })) throw notFound();
      const groups = group === undefined ? principal.groups : [group];
      const after = afterOf(cursor);
      const found = devices.find({ ...wanted, groups, limit: limit + 1, ...(after && { after }) });
      return toPage(found, limit, placeOf);
    },
  });

  app.route({
    method: 'GET',
    url: path,
    schema: {
      summary: 'Devices of a group',
      tags,
      params: GroupParams,
      querystring: PageQuery,
      response: { 200: pageOf(Device) },
    },
    config: { permission: 'device:read' },
    handler: async ({ params: { group }, query: { limit = defaultLimit, cursor } }) => {
      if (devices.group(group) === undefined) throw notFound();
      const after = afterOf(cursor);
      const found = devices.find({ groups: [group], limit: limit + 1, ...(after && { after }) });
      return toPage(found, limit, placeOf);
    },
  });

  app.route({
    method: 'GET',
    url: `${path}/:device`,
    schema: { summary: 'One device', tags, params: DeviceParams, response: { 200: Device } },
    config: { permission: 'device:read' },
    handler: async ({ params: { group, device } }) => {
      const found = devices.get(group, device);
      if (found === undefined) throw notFound();
      return found;
    },
  });

  app.route({
    method: 'GET',
    url: `${path}/:device/latest`,
    schema: {
      summary: 'The newest reading of each series of a device',
      tags,
      params: DeviceParams,
      response: { 200: listOf(LatestReading) },
    },
    config: { permission: 'readings:read' },
    handler: async ({ params: { group, device } }) => {
      if (devices.get(group, device) === undefined) throw notFound();
      const items = live
        .latest(group, device)
        .map(({ metric, tags: ofSeries, timeUs, value, quality, offset }) =>
          withoutUndefined({ metric, tags: ofSeries, time: timeUs / 1000, value, quality, offset }),
        );
      return { items };
    },
  });
};

function placeOf({ group, device }: DeviceInfo): readonly string[] {
  return [group, device];
}

function afterOf(cursor: string | undefined): { group: string; device: string } | undefined {
  const place = readCursor(cursor, 'string', 'string');
  return place && { group: place[0], device: place[1] };
}
