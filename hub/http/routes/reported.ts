/** POST …/reported: what a device says of its own state. */
import Type from 'typebox';
import type { Routes } from '../parts.ts';
import { AnyJson, DeviceParams } from '../schemas.ts';

export const reportedRoutes: Routes = (app, { devices }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/groups/:group/devices/:device/reported',
    schema: {
      summary: 'Merge into the reported state of one device',
      description: 'The key `description` describes the device: its title, metrics and controls.',
      tags: ['devices'],
      params: DeviceParams,
      body: Type.Record(Type.String({ maxLength: 128 }), AnyJson, { maxProperties: 256 }),
      response: { 204: Type.Null({ description: 'It is on disk.' }) },
    },
    config: { permission: 'reported:write' },
    handler: async ({ params: { group, device }, body }, reply) => {
      await devices.reported(group, device, body);
      return reply.code(204).send();
    },
  });
};
