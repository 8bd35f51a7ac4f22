/** What an administrator says of devices: registered, described, approved, denied, archived. */
import { DeviceMove, DevicePatch, NewDevice } from '#contract/device-patch.ts';
import { requireRight } from '../guard.ts';
import type { Routes } from '../parts.ts';
import { Device, DeviceParams, GroupParams } from '../schemas.ts';

const path = '/api/v1/groups/:group/devices';
const tags = ['devices'];

export const deviceManagementRoutes: Routes = (app, { access, counters, management }) => {
  app.route({
    method: 'POST',
    url: path,
    schema: {
      summary: 'Register a device before it is heard',
      description: 'It needs no approval then. A device is also registered by its first reading.',
      tags,
      params: GroupParams,
      body: NewDevice,
      response: { 201: Device },
    },
    config: { permission: 'device:manage', audit: 'device:register' },
    handler: async ({ params: { group }, body }, reply) => {
      const made = await management.register(group, body);
      return reply.code(201).header('location', `/api/v1/groups/${group}/devices/${made.device}`).send(made);
    },
  });

  app.route({
    method: 'PATCH',
    url: `${path}/:device`,
    schema: {
      summary: 'Describe, approve, deny or archive a device',
      description:
        'A merge patch (RFC 7396): what is absent stays, `null` removes. What people say of a device wins over what it ' +
        'tells of itself; removed, the words of the device show again.',
      tags,
      params: DeviceParams,
      body: DevicePatch,
      response: { 200: Device },
    },
    config: { permission: 'device:manage', audit: 'device:change' },
    handler: async ({ params: { group, device }, body }) => management.change(group, device, body),
  });

  app.route({
    method: 'POST',
    url: `${path}/:device/move`,
    schema: {
      summary: 'Give a device another id or group, or merge it into another device',
      description:
        'Its history, events and commands go along, and what arrives under the old name is stored under the new one. Where ' +
        'two merged devices have the same series, the past of this one keeps a tag `merged` with its old name. In an ' +
        'InfluxDB behind the hub the past keeps the old name.',
      tags,
      params: DeviceParams,
      body: DeviceMove,
      response: { 200: Device },
    },
    config: { permission: 'device:manage', audit: 'device:move' },
    handler: async (request) => {
      const { group, device } = request.params;
      const target = { group: request.body.group ?? group };
      requireRight({ access, counters }, request, 'device:manage', target);
      return management.move(group, device, request.body);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/v1/groups/:group/aliases/:device',
    schema: {
      summary: 'Forget a former name of a device',
      description: 'What arrives under it is a device of its own again.',
      tags,
      params: DeviceParams,
      response: { 200: Device },
    },
    config: { permission: 'device:manage', audit: 'device:forget-alias' },
    handler: async ({ params: { group, device } }) => management.forgetAlias(group, device),
  });
};
