/** Schemas that several routes share: what the OpenAPI document shows, and what requests are checked against. */
import Type from 'typebox';
import { actions, roles } from '#contract/access.ts';
import { commandStates } from '#contract/command.ts';
import { orNull } from '#contract/device-patch.ts';
import { controlKinds, presences } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import { MappingDraft } from '#contract/mapping.ts';
import { qualities } from '#contract/reading.ts';

const id = Type.String({ minLength: 1, maxLength: limits.idChars });
const group = Type.String({ minLength: 1, maxLength: limits.groupChars });
const commandId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

export const GroupParams = Type.Object({ group });
export const DeviceParams = Type.Object({ group, device: id });
export const CommandParams = Type.Object({ group, id: commandId });

/** Epoch ms or RFC 3339, as texts of a query. */
export const TimeText = Type.String({ minLength: 1, maxLength: 40, description: 'Epoch ms or RFC 3339.' });
export const Limit = Type.Integer({ minimum: 1, maximum: 1000 });

/** Any JSON value. */
export const AnyJson = Type.Unsafe<Json>({ description: 'Any JSON value.' });
export const EpochMs = Type.Number({ description: 'Epoch ms.' });
export const Value = Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]);
export const Tags = Type.Record(Type.String(), Type.String());
export const Quality = Type.Enum([...qualities]);
const Texts = Type.Record(Type.String(), Type.String());

export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable, kebab-case.' }),
  detail: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
});

/** `RefusedItem` of the contract. */
const Refused = Type.Array(
  Type.Object({
    index: Type.Integer({ description: 'Of the item as it was sent: in the array, or of the line.' }),
    path: Type.Optional(Type.String({ description: 'JSON Pointer to what is no reading.' })),
    metric: Type.Optional(Type.String({ description: 'Of a reading that was not taken.' })),
    code: Type.String(),
    message: Type.String(),
  }),
  { description: 'What can never be accepted: it lies in quarantine. Over HTTP at most the first 1000.' },
);

/** Over Socket.IO. */
export const Receipt = Type.Object({
  offset: Type.Integer(),
  accepted: Type.Integer({ description: 'Readings (or events) that are durable now.' }),
  rejected: Refused,
});

export const ReceiptAnswer = Type.Object(
  {
    epoch: Type.String(),
    ...Receipt.properties,
    rejectedCount: Type.Integer(),
  },
  { description: 'Everything accepted is on disk.' },
);

export const Group = Type.Object({
  group: Type.String(),
  title: Type.String(),
  devices: Type.Integer(),
  online: Type.Integer(),
  stale: Type.Integer(),
  unheard: Type.Optional(Type.Integer({ description: 'Never heard: registered by a person or a file.' })),
  waiting: Type.Optional(Type.Integer({ description: 'How many wait for approval.' })),
  archivedAt: Type.Optional(EpochMs),
});

const Metric = Type.Object({
  metric: Type.String(),
  title: Type.Optional(Type.String()),
  unit: Type.Optional(Type.String({ description: 'UCUM.' })),
  class: Type.Optional(Type.String()),
  precision: Type.Optional(Type.Number()),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
});

const Location = Type.Object({
  name: Type.Optional(Type.String()),
  latitude: Type.Optional(Type.Number()),
  longitude: Type.Optional(Type.Number()),
  altitude: Type.Optional(Type.Number()),
});

const Control = Type.Object({
  name: Type.String({ description: 'Of the command to send, with `{ "value": … }` as its arguments.' }),
  kind: Type.Enum([...controlKinds]),
  title: Type.Optional(Type.String()),
  metric: Type.Optional(Type.String({ description: 'Its readings show the present state.' })),
  unit: Type.Optional(Type.String({ description: 'UCUM.' })),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  step: Type.Optional(Type.Number()),
  dangerous: Type.Optional(Type.Boolean({ description: 'Pages ask a person to hold it.' })),
});

export const State = Type.Record(Type.String(), AnyJson);
export const TwinFields = {
  desired: State,
  version: Type.Integer({ description: 'Of the desired state; 0: nobody ever desired anything.' }),
  desiredAt: Type.Optional(EpochMs),
  reportedVersion: Type.Integer(),
  delta: Type.Record(Type.String(), AnyJson, {
    description: 'The desired keys that the device does not report so; empty: it is as desired.',
  }),
};

export const Device = Type.Object({
  group: Type.String(),
  device: Type.String(),
  title: Type.String(),
  model: Type.Optional(Type.String()),
  labels: Texts,
  location: Type.Optional(Location),
  metrics: Type.Array(Metric),
  controls: Type.Array(Control),
  presence: Type.Enum([...presences]),
  presenceSince: EpochMs,
  expectedIntervalMs: Type.Optional(Type.Number({ description: 'As people say, else as learnt; ms.' })),
  sleeps: Type.Optional(
    Type.Boolean({ description: 'It leaves between its signs of life and is online all the same.' }),
  ),
  lastSeen: Type.Optional(EpochMs),
  reported: State,
  twin: Type.Optional(Type.Object(TwinFields)),
  admission: Type.Optional(
    Type.Enum(['waiting', 'denied'], {
      description: 'Absent: admitted. `waiting`: out of sight until approved, its readings are stored.',
    }),
  ),
  archivedAt: Type.Optional(EpochMs),
  aliases: Type.Optional(
    Type.Array(Type.Object({ group: Type.String(), device: Type.String() }), {
      description: 'Former names: what arrives under them is stored for this device.',
    }),
  ),
});

export const LatestReading = Type.Object({
  metric: Type.String(),
  tags: Type.Optional(Tags),
  time: EpochMs,
  value: Value,
  quality: Quality,
  offset: Type.Integer(),
});

export const Command = Type.Object({
  group: Type.String(),
  id: Type.String(),
  device: Type.String(),
  name: Type.String(),
  args: AnyJson,
  state: Type.Enum([...commandStates]),
  principal: Type.String(),
  requestedBy: Type.String(),
  createdAt: EpochMs,
  deadline: EpochMs,
  waitForDevice: Type.Boolean(),
  history: Type.Array(Type.Object({ state: Type.String(), at: EpochMs })),
  result: Type.Optional(AnyJson),
  error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
});

const Groups = Type.Union([Type.Literal('*'), Type.Array(group, { minItems: 1, maxItems: 100 })]);
const topicFilters = Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), { maxItems: 64 });
const tokenFields = {
  name: Type.String({ minLength: 1, maxLength: 128 }),
  role: Type.Enum([...roles]),
  groups: Groups,
  device: Type.Optional(id),
  topicFilters: Type.Optional(topicFilters),
  expiresAt: Type.Optional(EpochMs),
};
export const NewToken = Type.Object(tokenFields, { additionalProperties: false });
/** RFC 7396. */
export const TokenPatch = Type.Object(
  {
    name: Type.Optional(tokenFields.name),
    role: Type.Optional(tokenFields.role),
    groups: Type.Optional(Groups),
    device: Type.Optional(orNull(id)),
    topicFilters: Type.Optional(orNull(topicFilters)),
    expiresAt: Type.Optional(orNull(EpochMs)),
  },
  { additionalProperties: false },
);
export const Token = Type.Object({
  id: Type.String(),
  ...tokenFields,
  createdAt: EpochMs,
  revokedAt: Type.Optional(EpochMs),
  lastUsedAt: Type.Optional(EpochMs),
});

export const WhoAmI = Type.Object({
  name: Type.String(),
  role: Type.Enum([...roles]),
  groups: Groups,
  device: Type.Optional(Type.String()),
  actions: Type.Array(Type.Enum([...actions])),
  expiresAt: Type.Optional(EpochMs),
});

/** Stored bytes, as text where they are text. */
export const PayloadFields = { payload: Type.String(), encoding: Type.Enum(['utf8', 'base64']) };

const seriesName = { device: Type.String(), metric: Type.String(), tags: Type.Optional(Tags) };
const tuples = (description: string) =>
  Type.Optional(Type.Array(Type.Array(Type.Unknown()), { description }));

export const HistoryAnswer = Type.Object({
  window: Type.Optional(Type.Number({ description: 'Bucket width in ms; absent for raw points.' })),
  offset: Type.Optional(
    Type.Integer({
      description:
        'Everything committed up to here is in it; absent where a database behind the hub answered.',
    }),
  ),
  truncated: Type.Boolean(),
  cursor: Type.Optional(Type.String({ description: 'Asks for the next page, with all else as before.' })),
  series: Type.Array(
    Type.Object({
      ...seriesName,
      points: tuples('[time, value, quality?]'),
      buckets: tuples('[time, min, max, mean, count, last]'),
      rows: tuples('[time, …aggregates], with `aggregates`'),
    }),
  ),
});
export const LastAnswer = Type.Object({
  series: Type.Array(
    Type.Object({
      ...seriesName,
      point: Type.Array(Type.Unknown(), { description: '[time, value, quality?]' }),
    }),
  ),
});

/** As it is kept. */
export const Mapping = Type.Object({
  id: Type.String(),
  ...MappingDraft.properties,
  createdAt: EpochMs,
  changedAt: EpochMs,
  changedBy: Type.String({ description: 'The name of who wrote it last.' }),
});
export const Replayed = Type.Object({
  messages: Type.Integer({ description: 'Taken into the hub: their readings are on disk.' }),
  readings: Type.Integer(),
  left: Type.Record(Type.String(), Type.Integer(), { description: 'Still where they were, by reason.' }),
});

/** `{ items: [...] }`: a list can get further fields without breaking anyone. */
export function listOf<Item extends Type.TSchema>(item: Item): Type.TObject<{ items: Type.TArray<Item> }> {
  return Type.Object({ items: Type.Array(item) });
}
