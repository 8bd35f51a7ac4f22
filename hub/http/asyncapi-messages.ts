/**
 * What is said over Socket.IO and MQTT, message by message. The keys are those of the contract: an event or a topic
 * that is added there and not here does not compile.
 */
import Type, { type TSchema } from 'typebox';
import { limits } from '#contract/limits.ts';
import { MappingDraft } from '#contract/mapping.ts';
import type {
  DashboardToHub,
  DeviceToHub,
  FleetToHub,
  HubToDashboard,
  HubToDevice,
  HubToFleet,
  KeeperToHub,
} from '#contract/events.ts';
import type { OwnTopic } from '#contract/topics.ts';
import { HistoryQuery, LastQuery, SubscribeRequest } from '#contract/view.ts';
import { EventMessage, Frame, Gap, name, Subscribed } from './asyncapi-views.ts';
import {
  AnyJson,
  Command,
  Device,
  EpochMs,
  Group,
  HistoryAnswer,
  LastAnswer,
  Mapping,
  Receipt,
  Replayed,
  State,
  Value,
} from './schemas.ts';

export interface Message {
  readonly summary: string;
  readonly payload: TSchema;
  /** What the acknowledgement has beside `ok: true`; absent: there is none. */
  readonly answer?: TSchema;
}

type Table<Events> = Readonly<Record<keyof Events & string, Message>>;

const id = Type.String({ minLength: 1, maxLength: limits.idChars });
const nothing = Type.Object({});
const Time = Type.Union([
  Type.Number({ description: 'Epoch ms.' }),
  Type.String({ description: 'RFC 3339.' }),
]);
const Values = Type.Record(id, Value);
const Timed = Type.Object({ ts: Type.Optional(Time), values: Values, id: Type.Optional(Type.String()) });
const Senml = Type.Array(Type.Record(Type.String(), Type.Unknown()), {
  description: 'A SenML pack, RFC 8428.',
});
const Telemetry = Type.Union([Values, Timed, Type.Array(Timed), Senml]);
const DeviceEvent = Type.Object({
  device: Type.Optional(id),
  name: Type.String({ maxLength: limits.eventNameChars }),
  ts: Type.Optional(Time),
  data: Type.Optional(AnyJson),
  id: Type.Optional(Type.String()),
});
const SentCommand = Type.Object({
  id: Type.String(),
  name: Type.String(),
  args: AnyJson,
  deadline: EpochMs,
  ttlMs: Type.Number({ description: 'What is left of it, for devices without a clock.' }),
});
const CommandAnswer = Type.Union([
  Type.Object({
    ok: Type.Literal(true),
    state: Type.Optional(Type.Enum(['accepted', 'succeeded'])),
    result: Type.Optional(AnyJson),
  }),
  Type.Object({
    ok: Type.Literal(false),
    error: Type.Object({ code: Type.String(), message: Type.String() }),
  }),
]);
const Desired = Type.Object({ version: Type.Integer(), desired: State, delta: State });
const NewCommand = Type.Object({
  id: Type.Optional(Type.String({ description: 'The idempotency key; unique in the group.' })),
  device: id,
  name: id,
  args: Type.Optional(AnyJson),
  ttlMs: Type.Optional(Type.Number({ minimum: 1, maximum: limits.commandTtlMs })),
  waitForDevice: Type.Optional(Type.Boolean()),
  supersede: Type.Optional(Type.Boolean()),
});
const Presence = Type.Object({ ...name, presence: Device.properties.presence, since: EpochMs });
const Removed = Type.Object({ ...name, movedTo: Type.Optional(Type.Object(name)) });
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 }));
const Items = Type.Object({ items: Type.Array(Type.Unknown()) });
const next = Type.Optional(
  Type.String({ description: 'What the next page comes `after`; absent on the last.' }),
);
const InboxPlace = Type.Optional(Type.Object({ firstSeen: EpochMs, topic: Type.String() }));
const unsubscribe: Message = {
  summary: 'End a view',
  payload: Type.Object({ view: Type.String() }),
  answer: nothing,
};

export const deviceToHub: Table<DeviceToHub> = {
  telemetry: {
    summary: 'Readings of a device; acknowledged when they are on disk',
    payload: Telemetry,
    answer: Receipt,
  },
  event: {
    summary: 'Something happened; stored as its own kind',
    payload: DeviceEvent,
    answer: Receipt,
  },
  reported: { summary: 'The state of the device, key by key; null removes', payload: State, answer: nothing },
};

export const hubToDevice: Table<HubToDevice> = {
  command: {
    summary: 'Do this before the deadline; the acknowledgement is the answer',
    payload: Type.Object({ ...SentCommand.properties, device: id }),
    answer: CommandAnswer,
  },
  desired: {
    summary: 'What is desired of the device, on every change and on connecting while something is to be done',
    payload: Type.Object({ ...Desired.properties, device: id }),
  },
};

export const dashboardToHub: Table<DashboardToHub> = {
  devices: {
    summary: 'The devices of the group, all or in pages',
    payload: Type.Object({ after: Type.Optional(id), limit }),
    answer: Type.Object({ devices: Type.Array(Device), next }),
  },
  subscribe: {
    summary: 'Open a view: the newest values, what was missed, then frames',
    payload: SubscribeRequest,
    answer: Subscribed,
  },
  unsubscribe,
  history: { summary: 'Readings over a range', payload: HistoryQuery, answer: HistoryAnswer },
  last: { summary: 'The last value of each series at a time', payload: LastQuery, answer: LastAnswer },
  command: {
    summary: 'Send a command; answered at its final state, or after 30 s with the present one',
    payload: NewCommand,
    answer: Type.Object({ command: Command }),
  },
  commands: {
    summary: 'Commands of the group or of a device, newest first',
    payload: Type.Object({ device: Type.Optional(id), after: Type.Optional(Type.String()), limit }),
    answer: Type.Object({ commands: Type.Array(Command), next }),
  },
  trace: {
    summary: 'What became of the last messages of a device',
    payload: Type.Object({ device: id }),
    answer: Items,
  },
};

export const hubToDashboard: Table<HubToDashboard> = {
  readings: { summary: 'A frame of a view', payload: Frame },
  event: { summary: 'Something happened; each once, in order', payload: EventMessage },
  presence: { summary: 'A device came, left or fell silent', payload: Presence },
  device: { summary: 'A device was registered or looks different', payload: Device },
  removed: { summary: 'A device was archived, denied or has another name', payload: Removed },
  command: { summary: 'A command of the group has another state', payload: Command },
  gap: { summary: 'Frames were left out; the newest values instead', payload: Gap },
};

export const fleetToHub: Table<FleetToHub> = {
  groups: {
    summary: 'The groups that one may read, with counts',
    payload: nothing,
    answer: Type.Object({ groups: Type.Array(Group) }),
  },
  search: {
    summary: 'Devices of all groups by words',
    payload: Type.Object({ text: Type.String({ maxLength: 200 }), limit }),
    answer: Type.Object({ devices: Type.Array(Device) }),
  },
  subscribe: { summary: 'One slow view across groups', payload: SubscribeRequest, answer: Subscribed },
  unsubscribe,
};

export const keeperToHub: Table<KeeperToHub> = {
  inbox: {
    summary: 'Topics that nothing maps, what came up last first',
    payload: Type.Object({ after: InboxPlace, limit }),
    answer: Type.Object({ ...Items.properties, next: InboxPlace }),
  },
  mappings: { summary: 'The mappings of topics', payload: nothing, answer: Items },
  previewMapping: {
    summary: 'Try a mapping on what waits in the inbox',
    payload: MappingDraft,
    answer: Type.Object({ topics: Type.Integer(), ...Items.properties }),
  },
  saveMapping: {
    summary: 'Make or change a mapping',
    payload: Type.Object({ id: Type.Optional(Type.String()), mapping: MappingDraft }),
    answer: Type.Object({ mapping: Mapping, applied: Replayed }),
  },
  deleteMapping: {
    summary: 'Delete a mapping',
    payload: Type.Object({ id: Type.String() }),
    answer: nothing,
  },
  replayQuarantine: {
    summary: 'Take in again what lies in quarantine',
    payload: Type.Object({
      ids: Type.Optional(Type.Array(Type.Integer())),
      code: Type.Optional(Type.String()),
      topic: Type.Optional(Type.String()),
    }),
    answer: Type.Object({ replayed: Replayed }),
  },
  trace: {
    summary: 'The last messages of a topic that led to no device',
    payload: Type.Object({ topic: Type.String() }),
    answer: Items,
  },
};

export const hubToFleet: Table<HubToFleet> = {
  readings: { summary: 'A frame of a view; the device reads `<group>/<device>`', payload: Frame },
  presence: hubToDashboard.presence,
  device: hubToDashboard.device,
  removed: hubToDashboard.removed,
  groups: { summary: 'Counts have changed; once a second at most', payload: Type.Array(Group) },
  gap: hubToDashboard.gap,
};

export interface TopicMessage extends Message {
  /** Who publishes. */
  readonly from: 'device' | 'hub';
}

export const ownTopics: Readonly<Record<OwnTopic['kind'], TopicMessage>> = {
  telemetry: { from: 'device', summary: deviceToHub.telemetry.summary, payload: Telemetry },
  event: {
    from: 'device',
    summary: deviceToHub.event.summary,
    payload: Type.Union([DeviceEvent, Type.Array(DeviceEvent)]),
  },
  status: {
    from: 'device',
    summary: 'Whether the device is there; also as the will',
    payload: Type.Enum(['online', 'offline']),
  },
  reported: { from: 'device', summary: deviceToHub.reported.summary, payload: State },
  desired: { from: 'hub', summary: hubToDevice.desired.summary, payload: Desired },
  command: { from: 'hub', summary: 'Do this before the deadline; answer on …/result', payload: SentCommand },
  result: { from: 'device', summary: 'The answer to a command', payload: CommandAnswer },
};

/** A scalar of one metric: `…/telemetry/<metric>`. */
export const scalarTopic: TopicMessage = {
  from: 'device',
  summary: 'One value of one metric',
  payload: Value,
};

export const refusal = Type.Object({
  ok: Type.Literal(false),
  error: Type.Object({
    code: Type.String({ description: 'Stable, kebab-case.' }),
    message: Type.String(),
    retryAfterMs: Type.Optional(Type.Number()),
  }),
});
