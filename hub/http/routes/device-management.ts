/** What an administrator says of devices: registered, described, approved, denied, archived. */
import { DevicePatch, NewDevice } from '#contract/device-patch.ts';
import type { Routes } from '../parts.ts';
import { Device, DeviceParams, GroupParams } from '../schemas.ts';

const path = '/api/v1/groups/:group/devices';
const tags = ['devices'];

export const deviceManagementRoutes: Routes = (app, { management }) => {
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
};
