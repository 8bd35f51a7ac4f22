/** GET /api/v1/status: how the hub is, part by part. */
import Type from 'typebox';
import type { Routes } from '../parts.ts';
import { EpochMs } from '../schemas.ts';

const Edge = Type.Object({
  name: Type.String(),
  state: Type.Enum(['starting', 'up', 'degraded', 'down', 'stopped']),
  detail: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  connections: Type.Optional(Type.Integer()),
  advice: Type.Optional(
    Type.String({ description: 'What the other side will lose while the hub is away, and what to change.' }),
  ),
  droppedByBroker: Type.Optional(
    Type.Integer({ description: 'Messages that the broker says it dropped, since the hub listens.' }),
  ),
  messages: Type.Optional(
    Type.Object(
      { received: Type.Integer(), acknowledged: Type.Integer() },
      { description: 'Messages from a broker, and how many of them were acknowledged, since the start.' },
    ),
  ),
  reconnects: Type.Optional(
    Type.Integer({ description: 'How often the way to a broker was lost, or not found, and tried again.' }),
  ),
});
const Disk = Type.Object(
  {
    state: Type.Enum(['enough', 'low', 'short', 'full']),
    freeBytes: Type.Integer(),
    totalBytes: Type.Integer(),
  },
  {
    description:
      'The disk of the data folder. `low` is a warning; at `short` backups, imports and what nobody waits for are ' +
      'refused; at `full` a reserve is left, and nothing is taken in.',
  },
);
const Store = Type.Object({
  bytes: Type.Integer(),
  head: Type.Integer(),
  merged: Type.Integer(),
  series: Type.Integer(),
  failing: Type.Optional(Type.String({ description: 'Why nothing can be stored now.' })),
  disk: Type.Optional(Disk),
  spool: Type.Optional(
    Type.Object(
      {
        waiting: Type.Integer(),
        bytes: Type.Integer(),
        maxBytes: Type.Integer(),
        ageSeconds: Type.Number({ description: 'How long the oldest has waited.' }),
      },
      { description: 'What waits for the database behind the hub: rows, and about how many bytes.' },
    ),
  ),
});
const Sockets = Type.Object({
  connections: Type.Integer(),
  queuedBytes: Type.Integer({ description: 'Bytes that wait for slow clients.' }),
  slow: Type.Integer(),
  lastCloses: Type.Array(
    Type.Object({
      reason: Type.String(),
      transport: Type.String(),
      ageMs: Type.Number(),
      bufferedBytes: Type.Integer(),
      roundTripMs: Type.Optional(Type.Number()),
      closedAt: EpochMs,
    }),
  ),
});
const Status = Type.Object({
  state: Type.Enum(['starting', 'ok', 'degraded', 'stopping']),
  version: Type.String(),
  epoch: Type.String(),
  startedAt: EpochMs,
  starts: Type.Object({
    recent: Type.Integer({ description: 'Starts within the ten minutes before this one, and this one.' }),
    uncleanEnds: Type.Integer({ description: 'Runs among them that ended without being asked to.' }),
    looping: Type.Boolean({ description: 'Something starts the hub again and again.' }),
  }),
  edges: Type.Array(Edge),
  store: Store,
  sockets: Sockets,
  devices: Type.Object({ groups: Type.Integer(), total: Type.Integer(), online: Type.Integer() }),
  counters: Type.Record(Type.String(), Type.Number()),
  memoryRss: Type.Integer({ description: 'Bytes.' }),
  adminUi: Type.Boolean({ description: 'The Socket.IO Admin UI is served at /admin-ui/, for admins.' }),
});

export const statusRoutes: Routes = (app, { status }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/status',
    schema: { summary: 'How the hub is', tags: ['operation'], response: { 200: Status } },
    config: { permission: 'hub:read' },
    handler: async () => await status(),
  });
};
