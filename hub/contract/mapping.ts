/**
 * How an operator maps MQTT topics that no family knows: a topic template with named parts, and JSON paths to the
 * values. The schema validates HTTP and Socket.IO alike; what it cannot say (is this a path?) the compiler of rules
 * says in a sentence.
 */
import Type from 'typebox';
import { limits } from './limits.ts';
import type { Problem } from './formats/decoded.ts';
import { toPayloadText, type PayloadText } from './payload-text.ts';
import type { Quality, Value } from './reading.ts';

const text = Type.String({ minLength: 1, maxLength: limits.mqttTopicBytes });
const strict = { additionalProperties: false };

export const MappedValue = Type.Object(
  {
    path: Type.String({
      minLength: 1,
      maxLength: 256,
      description:
        'JSONPath (RFC 9535) of names, indexes and `*`, as `$.sensors[0].t`; `$` is the payload itself, also when it is plain text.',
    }),
    metric: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'May hold `{parts}` of the topic, and `{*}` for what each `*` of the path selected.',
    }),
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'UCUM.' })),
    quality: Type.Optional(Type.Enum(['good', 'uncertain'], { description: 'At best; default good.' })),
    as: Type.Optional(
      Type.Enum(['number', 'text'], {
        description: '`number` also reads texts as `21.5 °C`; default: what JSON says.',
      }),
    ),
    factor: Type.Optional(Type.Number({ description: 'Numbers are multiplied with it.' })),
    sentinels: Type.Optional(
      Type.Array(Type.Union([Type.Number(), Type.String({ maxLength: 64 })]), {
        maxItems: 16,
        description: 'What the device sends instead of a value, as 327.67: stored as null, bad.',
      }),
    ),
  },
  strict,
);
export type MappedValue = Type.Static<typeof MappedValue>;

export const MappingDraft = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 128, description: 'For people.' }),
    topic: Type.String({
      minLength: 1,
      maxLength: limits.mqttTopicBytes,
      description: 'A topic in which `{part}` stands for a level or a part of one; `+` and `#` as in MQTT.',
    }),
    group: Type.String({ ...text, description: 'The group of the devices; may hold `{parts}`.' }),
    device: Type.String({ ...text, description: 'The device; may hold `{parts}`.' }),
    values: Type.Array(MappedValue, { minItems: 1, maxItems: 64 }),
    time: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description:
          'JSONPath to the time of the values: an epoch in s, ms, µs or ns, or RFC 3339. Else arrival.',
      }),
    ),
  },
  strict,
);
/** What a person writes. */
export type MappingDraft = Type.Static<typeof MappingDraft>;

export interface Mapping extends MappingDraft {
  readonly id: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly changedAt: number;
  /** The name of the principal who wrote it last. */
  readonly changedBy: string;
}

/** One value as a mapping, a family or our own topics would store it. */
export interface MappedReading {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  readonly value: Value;
  readonly quality?: Quality | undefined;
  readonly unit?: string | undefined;
  /** The payload's own, epoch ms. */
  readonly time?: number | undefined;
}

/** What a mapping makes of one message that waits in the inbox. */
export interface MappedMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Epoch ms. */
  readonly at: number;
  readonly readings: readonly MappedReading[];
  /** Where it found nothing or no value. */
  readonly problems: readonly Problem[];
}

export interface MappingPreview {
  /** Topics of the inbox that the template selects. */
  readonly topics: number;
  /** Their last payloads, the newest first. */
  readonly messages: readonly MappedMessage[];
}

/** The same on the wire. */
export type PreviewedMessage = Omit<MappedMessage, 'payload'> & PayloadText;

/** A topic of the inbox on the wire: its last payload, and the last ones, the newest first. */
export interface InboxEntry extends PayloadText {
  readonly topic: string;
  readonly payloads: readonly (PayloadText & { readonly at: number })[];
  readonly principal: string;
  readonly why: string;
  readonly count: number;
  /** Epoch ms. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** What was done with messages that waited. */
export interface Replayed {
  /** Taken into the hub: their readings are on disk. */
  readonly messages: number;
  readonly readings: number;
  /** Still where they were, by reason. */
  readonly left: Readonly<Record<string, number>>;
}

export function toPreviewed({ payload, ...rest }: MappedMessage): PreviewedMessage {
  return { ...rest, ...toPayloadText(payload) };
}

/** @param row as it is stored */
export function toInboxEntry({
  payloads,
  ...row
}: Omit<InboxEntry, keyof PayloadText | 'payloads'> & {
  readonly payloads: readonly { readonly at: number; readonly payload: Uint8Array }[];
}): InboxEntry {
  return {
    ...row,
    ...toPayloadText(payloads[0]?.payload ?? new Uint8Array()),
    payloads: payloads.map(({ at, payload }) => ({ at, ...toPayloadText(payload) })),
  };
}
