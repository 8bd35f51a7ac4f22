/** POST …/events: what happened at a device. GET …/events: what has happened, page by page back from the newest. */
import Type from 'typebox';
import type { EventMessage } from '#contract/event.ts';
import { RequestError } from '#contract/errors.ts';
import { parseWireTime } from '#contract/formats/time.ts';
import { limits } from '#contract/limits.ts';
import type { IncomingEvent } from '#ports';
import type { Routes } from '../parts.ts';
import { defaultLimit, pageFields, pageOf, readCursor, toPage } from '../paging.ts';
import { notFound } from '../problem.ts';
import { parseQueryTime, withoutUndefined } from '../query.ts';
import { AnyJson, DeviceParams, EpochMs, ReceiptAnswer, TimeText } from '../schemas.ts';
import { sourceOf } from '../source.ts';

const NewEvent = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: limits.eventNameChars }),
    ts: Type.Optional(Type.Union([Type.Number(), Type.String({ maxLength: 40 })])),
    data: Type.Optional(AnyJson),
    id: Type.Optional(Type.String({ minLength: 1, maxLength: limits.idChars })),
  },
  { additionalProperties: false },
);
const Event = Type.Object({
  group: Type.String(),
  device: Type.String(),
  name: Type.String(),
  offset: Type.Integer(),
  time: EpochMs,
  data: AnyJson,
});
const Query = Type.Object({
  start: Type.Optional(TimeText),
  end: Type.Optional(TimeText),
  ...pageFields,
});
const path = '/api/v1/groups/:group/devices/:device/events';

export const eventRoutes: Routes = (app, { ingest, history, devices, clock }) => {
  app.route({
    method: 'POST',
    url: path,
    schema: {
      summary: 'Store one event, or an array of them',
      tags: ['telemetry'],
      params: DeviceParams,
      body: Type.Union([
        NewEvent,
        Type.Array(NewEvent, { minItems: 1, maxItems: limits.readingsPerDelivery }),
      ]),
      response: { 200: ReceiptAnswer },
    },
    config: { permission: 'event:write' },
    handler: async (request) => {
      const { group, device } = request.params;
      const events = [request.body].flat().map((event) => toIncoming(group, device, event));
      const delivery = { source: sourceOf(request), receivedAtUs: clock.nowUs(), readings: [], events };
      const receipt = await ingest.accept(delivery);
      return { ...receipt, rejectedCount: receipt.rejected.length };
    },
  });

  app.route({
    method: 'GET',
    url: path,
    schema: {
      summary: 'Events of one device',
      description: 'A page has them in the order of their times; the next page has older ones.',
      tags: ['history'],
      params: DeviceParams,
      querystring: Query,
      response: { 200: pageOf(Event) },
    },
    config: { permission: 'readings:read' },
    handler: async ({ params: { group, device }, query }) => {
      if (devices.get(group, device) === undefined) throw notFound();
      const { limit = defaultLimit, cursor } = query;
      const place = readCursor(cursor, 'number', 'number');
      const found = await history.events(group, {
        device,
        before: place && { timeUs: place[0], offset: place[1] },
        start: parseQueryTime('start', query.start),
        end: parseQueryTime('end', query.end),
        limit: limit + 1,
      });
      const page = toPage(found.toReversed(), limit, ({ timeUs, offset }) => [timeUs, offset]);
      const items = page.items.toReversed().map(({ name, offset, timeUs, data }): EventMessage => {
        return { group, device, name, offset, time: timeUs / 1000, data };
      });
      return { ...page, items };
    },
  });
};

function toIncoming(group: string, device: string, event: Type.Static<typeof NewEvent>): IncomingEvent {
  const { name, ts, data, id } = event;
  const timeUs = ts === undefined ? undefined : parseWireTime(ts);
  if (ts !== undefined && timeUs === undefined)
    throw new RequestError(400, 'invalid-time', '`ts` is epoch ms or an RFC 3339 time with its zone.');
  return withoutUndefined({ group, device, name, timeUs, data, id });
}
