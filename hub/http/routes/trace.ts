/** The last messages of a device, or of a topic that led to none: why is there nothing on my chart? */
import Type from 'typebox';
import { limits } from '#contract/limits.ts';
import type { Routes } from '../parts.ts';
import { DeviceParams, EpochMs, listOf, PayloadFields, Quality, Value } from '../schemas.ts';

const Reason = { code: Type.String(), message: Type.String() };
const Message = Type.Object({
  at: EpochMs,
  edge: Type.String(),
  principal: Type.String(),
  topic: Type.Optional(Type.String()),
  ...PayloadFields,
  bytes: Type.Integer({ description: 'Of the payload as it came; at most 2048 are shown.' }),
  skipped: Type.Optional(
    Type.Integer({ description: 'So many, alike and all taken, came right before it and are not shown.' }),
  ),
  isState: Type.Optional(
    Type.Boolean({ description: 'A retained replay: it seeds the latest value and is no point.' }),
  ),
  qos: Type.Optional(Type.Integer({ description: 'MQTT, as it reached the hub.' })),
  decoder: Type.Optional(Type.String({ description: 'Who understood it; absent if nobody did.' })),
  outcome: Type.Enum(['taken', 'partly', 'quarantined', 'inbox']),
  reason: Type.Optional(Type.Object(Reason)),
  values: Type.Array(
    Type.Object({
      group: Type.String(),
      device: Type.String(),
      metric: Type.String(),
      value: Value,
      quality: Type.Optional(Quality),
      time: Type.Optional(EpochMs),
    }),
  ),
  events: Type.Array(Type.String()),
  dropped: Type.Array(Type.Object({ what: Type.String({ description: 'A path or a metric.' }), ...Reason })),
});
const response = { 200: listOf(Message) };
const tags = ['mapping'];
const description = `The last ${limits.traceMessages}, the newest first; kept in memory.`;

export const traceRoutes: Routes = (app, { traces }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/groups/:group/devices/:device/trace',
    schema: {
      summary: 'What became of the last messages of a device',
      description,
      tags,
      params: DeviceParams,
      response,
    },
    config: { permission: 'inbox:read' },
    handler: async ({ params: { group, device } }) => ({ items: traces.ofDevice(group, device) }),
  });

  app.route({
    method: 'GET',
    url: '/api/v1/trace',
    schema: {
      summary: 'What became of the last messages of a topic that led to no device',
      description,
      tags,
      querystring: Type.Object({ topic: Type.String({ minLength: 1, maxLength: limits.mqttTopicBytes }) }),
      response,
    },
    config: { permission: 'inbox:read' },
    handler: async ({ query: { topic } }) => ({ items: traces.ofTopic(topic) }),
  });
};
