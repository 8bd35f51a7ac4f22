/** What is said over Socket.IO and MQTT as a document, made from the contract. Spec: AsyncAPI 3.0. Pure. */
import { formatTopic, type OwnTopic } from '#contract/topics.ts';
import {
  dashboardToHub,
  deviceToHub,
  fleetToHub,
  hubToDashboard,
  hubToDevice,
  hubToFleet,
  keeperToHub,
  ownTopics,
  refusal,
  scalarTopic,
  type Message,
  type TopicMessage,
} from './asyncapi-messages.ts';

type Json = Readonly<Record<string, unknown>>;

/** As Socket.IO namespaces and MQTT topics are found in it. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: Json & { readonly description: string };
  readonly servers: Json;
  readonly channels: Readonly<
    Record<string, { readonly address: string; readonly messages: Json; readonly [key: string]: unknown }>
  >;
  readonly operations: Readonly<Record<string, AsyncApiOperation>>;
}

export interface AsyncApiOperation {
  /** As the hub does it. */
  readonly action: 'send' | 'receive';
  readonly summary: string;
  readonly channel: Reference;
  readonly messages: readonly Reference[];
  readonly reply?: { readonly channel: Reference; readonly messages: readonly Reference[] };
}

interface Reference {
  readonly $ref: string;
}

interface Told {
  readonly name: string;
  readonly action: AsyncApiOperation['action'];
  readonly message: Message;
}

const anyGroup = { description: 'A group that one may read, or a device or gateway of it writes to.' };
const parameters = {
  group: { description: 'The id of a group.' },
  device: { description: 'The id of a device in it.' },
  metric: { description: 'The id of a metric.' },
  id: { description: 'The id of the command.' },
};

export function asyncApi(version: string): AsyncApiDocument {
  const namespaces = [
    namespace('fleet', '/', [
      ...told(fleetToHub, 'receive'),
      ...told(keeperToHub, 'receive'),
      ...told(hubToFleet, 'send'),
    ]),
    namespace('group', '/{group}', [
      ...told(deviceToHub, 'receive'),
      ...told(dashboardToHub, 'receive', 'ask'),
      ...told(hubToDevice, 'send'),
      ...told(hubToDashboard, 'send', 'tell'),
    ]),
  ];
  const topics = [
    ...(Object.entries(ownTopics) as [OwnTopic['kind'], TopicMessage][]).map(([kind, message]) =>
      topic(kind, formatTopic({ kind, group: '{group}', device: '{device}', id: '{id}' }), message),
    ),
    topic(
      'scalar',
      formatTopic({ kind: 'telemetry', group: '{group}', device: '{device}', metric: '{metric}' }),
      scalarTopic,
    ),
  ];
  const all = [...namespaces, ...topics];
  return clean({
    asyncapi: '3.0.0',
    info: {
      title: 'Signalbox',
      version,
      description:
        'Socket.IO namespaces and MQTT topics of the hub. Every Socket.IO acknowledgement is `{ ok: true, … }` or ' +
        '`{ ok: false, error }`. A token is in `auth.token` (Socket.IO) or the password (MQTT).',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      socketio: server('127.0.0.1:8080', {
        protocol: 'ws',
        pathname: '/socket.io/',
        description: 'Socket.IO v5 on Engine.IO v4.',
      }),
      mqtt: server('127.0.0.1:1883', { protocol: 'mqtt', protocolVersion: '3.1.1' }),
    },
    channels: Object.fromEntries(all.map(({ key, channel }) => [key, channel])),
    operations: Object.fromEntries(all.flatMap(({ operations }) => operations)),
  });
}

/** @param prefix where an event has the name of another one in the other direction */
function told(table: Readonly<Record<string, Message>>, action: Told['action'], prefix?: string): Told[] {
  return Object.entries(table).map(([event, message]) => ({
    name: prefix === undefined ? event : `${prefix}.${event}`,
    action,
    message,
  }));
}

function namespace(key: string, address: string, events: readonly Told[]) {
  const named = events.map(({ name, ...event }, index) => ({
    ...event,
    // The fleet asks for and is told of `groups`.
    name: events.findIndex((other) => other.name === name) === index ? name : `${event.action}.${name}`,
  }));
  const messages = named.flatMap(({ name, message }) => [
    [name, { name: name.split('.').at(-1), summary: message.summary, payload: message.payload }],
    ...(message.answer === undefined ? [] : [[`${name}.ack`, acknowledgement(name, message.answer)]]),
  ]);
  const hasGroup = address.includes('{group}');
  return {
    key,
    channel: {
      address,
      description: 'A Socket.IO namespace.',
      servers: [{ $ref: '#/servers/socketio' }],
      ...(hasGroup && { parameters: { group: anyGroup } }),
      messages: Object.fromEntries(messages) as Json,
    },
    operations: named.map(({ name, action, message }) => [
      `${key}.${name}`,
      operation(key, name, { action, message }),
    ]),
  };
}

function topic(kind: string, address: string, message: TopicMessage) {
  const key = `mqtt-${kind}`;
  const names = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as keyof typeof parameters);
  return {
    key,
    channel: {
      address,
      description: 'An MQTT topic.',
      servers: [{ $ref: '#/servers/mqtt' }],
      parameters: Object.fromEntries(names.map((name) => [name, parameters[name]])),
      messages: { [kind]: { name: kind, summary: message.summary, payload: message.payload } } as Json,
    },
    operations: [
      [
        key,
        operation(
          key,
          kind,
          { action: message.from === 'hub' ? 'send' : 'receive', message: { ...message } },
          false,
        ),
      ],
    ],
  };
}

function operation(
  channel: string,
  name: string,
  { action, message }: Pick<Told, 'action' | 'message'>,
  hasReply = message.answer !== undefined,
): AsyncApiOperation {
  const messageOf = (which: string): Reference => ({ $ref: `#/channels/${channel}/messages/${which}` });
  const to = { $ref: `#/channels/${channel}` };
  return {
    action,
    summary: message.summary,
    channel: to,
    messages: [messageOf(name)],
    ...(hasReply && { reply: { channel: to, messages: [messageOf(`${name}.ack`)] } }),
  };
}

/** A device's answer to a command says `ok` itself. */
function acknowledgement(name: string, answer: NonNullable<Message['answer']>): Json {
  const says = JSON.stringify(answer).includes('"ok"');
  const yes = { allOf: [{ type: 'object', required: ['ok'], properties: { ok: { const: true } } }, answer] };
  return {
    name: `${name.split('.').at(-1)} (acknowledgement)`,
    payload: says ? answer : { oneOf: [yes, refusal] },
  };
}

function server(host: string, rest: Json): Json {
  return { host: '{host}', variables: { host: { default: host } }, ...rest };
}

/** As it crosses the wire. */
function clean(document: unknown): AsyncApiDocument {
  return JSON.parse(JSON.stringify(document)) as AsyncApiDocument;
}
