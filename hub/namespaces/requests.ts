/** The payloads of inbound events, checked: each schema is compiled once, each error says where it is. */
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { CommandAnswer } from '#contract/command.ts';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { MappingDraft } from '#contract/mapping.ts';
import { HistoryQuery, LastQuery, SubscribeRequest } from '#contract/view.ts';

const id = Type.String({ minLength: 1, maxLength: limits.idChars });
const strict = { additionalProperties: false };

const Empty = Type.Object({});
const Unsubscribe = Type.Object({ view: Type.String({ minLength: 1, maxLength: 64 }) }, strict);
const Search = Type.Object(
  {
    text: Type.String({ maxLength: 200 }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  strict,
);
const DeviceList = Type.Object(
  { after: Type.Optional(id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) },
  strict,
);
const commandId = Type.String({ minLength: 1, maxLength: 64 });
const CommandList = Type.Object(
  {
    device: Type.Optional(id),
    after: Type.Optional(commandId),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  },
  strict,
);
const NewCommand = Type.Object(
  {
    id: Type.Optional(commandId),
    device: id,
    name: id,
    args: Type.Optional(Type.Any()),
    ttlMs: Type.Optional(Type.Number({ minimum: 1, maximum: limits.commandTtlMs })),
    waitForDevice: Type.Optional(Type.Boolean()),
    supersede: Type.Optional(Type.Boolean()),
  },
  strict,
);
const NewEvent = Type.Object(
  {
    device: Type.Optional(id),
    name: Type.String({ minLength: 1, maxLength: limits.eventNameChars }),
    ts: Type.Optional(Type.Union([Type.Number(), Type.String({ maxLength: 64 })])),
    data: Type.Optional(Type.Any()),
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  },
  strict,
);
const topic = Type.String({ minLength: 1, maxLength: limits.mqttTopicBytes });
const InboxQuery = Type.Object(
  {
    after: Type.Optional(Type.Object({ firstSeen: Type.Number(), topic }, strict)),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.inboxTopics })),
  },
  strict,
);
const mappingId = Type.String({ minLength: 1, maxLength: 64 });
const SaveMapping = Type.Object({ id: Type.Optional(mappingId), mapping: MappingDraft }, strict);
const DeleteMapping = Type.Object({ id: mappingId }, strict);
const ReplayQuarantine = Type.Object(
  {
    ids: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 1000 })),
    code: Type.Optional(id),
    topic: Type.Optional(topic),
  },
  strict,
);
const TopicTrace = Type.Object({ topic }, strict);
const DeviceTrace = Type.Object({ device: id }, strict);
const Answer = Type.Union([
  Type.Object({
    ok: Type.Literal(true),
    state: Type.Optional(Type.Enum(['accepted', 'succeeded'])),
    result: Type.Optional(Type.Any()),
  }),
  Type.Object({
    ok: Type.Literal(false),
    error: Type.Object({ code: Type.String(), message: Type.String() }),
  }),
]);

/** A missing payload is an empty one. @throws {RequestError} `invalid-request` */
function parser<Schema extends TSchema>(schema: Schema): (payload: unknown) => Static<Schema> {
  const compiled = Compile(schema);
  return (payload = {}) => {
    if (compiled.Check(payload)) return payload;
    const [first] = compiled.Errors(payload);
    const where = first?.instancePath === '' ? 'The payload' : first?.instancePath;
    throw new RequestError(400, 'invalid-request', `${where} ${first?.message}.`);
  };
}

export const parseEmpty = parser(Empty);
export const parseSubscribe = parser(SubscribeRequest);
export const parseUnsubscribe = parser(Unsubscribe);
export const parseHistoryQuery = parser(HistoryQuery);
export const parseLastQuery = parser(LastQuery);
export const parseSearch = parser(Search);
export const parseCommand = parser(NewCommand);
export const parseDeviceList = parser(DeviceList);
export const parseCommandList = parser(CommandList);
export const parseEvent = parser(NewEvent);
export const parseInboxQuery = parser(InboxQuery);
export const parseMappingDraft = parser(MappingDraft);
export const parseSaveMapping = parser(SaveMapping);
export const parseDeleteMapping = parser(DeleteMapping);
export const parseReplayQuarantine = parser(ReplayQuarantine);
export const parseTopicTrace = parser(TopicTrace);
export const parseDeviceTrace = parser(DeviceTrace);

const answer = Compile(Answer);

/** What a device answered to a command, whatever it was. */
export function parseAnswer(value: unknown): CommandAnswer {
  if (answer.Check(value)) return value;
  const message = 'The device answered with something that is no answer.';
  return { ok: false, error: { code: 'invalid-answer', message } };
}
