/** The twin of a device: what is desired of it, what it reports, and what it has still to do. */
import Type from 'typebox';
import { RequestError } from '#contract/errors.ts';
import type { DeviceInfo } from '#contract/device.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { AnyJson, DeviceParams, State, TwinFields } from '../schemas.ts';

const path = '/api/v1/groups/:group/devices/:device';
const tags = ['devices'];
const Answer = Type.Object({ ...TwinFields, reported: State });
const Headers = Type.Object({
  'if-match': Type.Optional(
    Type.String({ maxLength: 32, description: 'The version that the change is meant for, as ETag gave it.' }),
  ),
});

export const twinRoutes: Routes = (app, { devices, management }) => {
  app.route({
    method: 'GET',
    url: `${path}/twin`,
    schema: {
      summary: 'The desired and the reported state of a device',
      tags,
      params: DeviceParams,
      response: { 200: Answer },
    },
    config: { permission: 'device:read' },
    handler: async ({ params: { group, device } }, reply) => {
      const found = devices.get(group, device);
      if (found === undefined) throw notFound();
      return reply.header('etag', `"${found.twin?.version ?? 0}"`).send(toAnswer(found));
    },
  });

  app.route({
    method: 'PATCH',
    url: `${path}/desired`,
    schema: {
      summary: 'Change what is desired of a device',
      description:
        'Key by key: a key replaces the one that is known, `null` removes it. The device is told at once, or when it ' +
        'returns. It is done when `delta` is empty.',
      tags,
      params: DeviceParams,
      headers: Headers,
      body: Type.Record(Type.String({ maxLength: 128 }), AnyJson, { maxProperties: 256 }),
      response: { 200: Answer },
    },
    config: { permission: 'command:send', audit: 'device:desire' },
    handler: async ({ params: { group, device }, body, headers }, reply) => {
      const found = devices.get(group, device);
      if (found === undefined || found.admission !== undefined) throw notFound();
      const changed = await management.desire(group, device, body, versionOf(headers['if-match']));
      return reply.header('etag', `"${changed.twin?.version ?? 0}"`).send(toAnswer(changed));
    },
  });
};

function toAnswer({ twin, reported }: DeviceInfo): Type.Static<typeof Answer> {
  const none = { desired: {}, version: 0, reportedVersion: 0, delta: {} };
  return { ...none, ...twin, reported };
}

function versionOf(tag: string | undefined): number | undefined {
  if (tag === undefined || tag === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(tag)?.[1];
  if (version === undefined)
    throw new RequestError(400, 'invalid-version', 'If-Match is a version in quotes.');
  return Number(version);
}
