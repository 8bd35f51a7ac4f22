/** Devices as the registry knows them, and their newest readings. */
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { withoutUndefined } from '../query.ts';
import { Device, DeviceParams, GroupParams, LatestReading, listOf } from '../schemas.ts';

const path = '/api/v1/groups/:group/devices';
const tags = ['devices'];

export const deviceRoutes: Routes = (app, { devices, live }) => {
  app.route({
    method: 'GET',
    url: path,
    schema: { summary: 'Devices of a group', tags, params: GroupParams, response: { 200: listOf(Device) } },
    config: { permission: 'device:read' },
    handler: async ({ params: { group } }) => {
      if (!devices.groups().some((known) => known.group === group)) throw notFound();
      return { items: devices.list(group) };
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
