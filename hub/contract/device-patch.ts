/**
 * What people may change about a device and a group, as JSON Merge Patches (RFC 7396): absent stays, `null` removes.
 * The schemas check HTTP bodies and imported rows alike.
 */
import Type from 'typebox';
import { limits } from './limits.ts';

/** `null` removes. */
export function orNull<Schema extends Type.TSchema>(schema: Schema): Type.TUnion<[Schema, Type.TNull]> {
  return Type.Union([schema, Type.Null()]);
}

const strict = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1, maxLength: 200 });
const labelKey = Type.String({ minLength: 1, maxLength: 64 });

export const LocationPatch = Type.Object(
  {
    name: Type.Optional(orNull(text)),
    latitude: Type.Optional(
      orNull(Type.Number({ minimum: -90, maximum: 90, description: 'Degrees, WGS 84.' })),
    ),
    longitude: Type.Optional(orNull(Type.Number({ minimum: -180, maximum: 180 }))),
    altitude: Type.Optional(orNull(Type.Number({ minimum: -12_000, maximum: 100_000, description: 'm' }))),
  },
  strict,
);
export type LocationPatch = Type.Static<typeof LocationPatch>;

export const MetricPatch = Type.Object(
  {
    title: Type.Optional(orNull(text)),
    unit: Type.Optional(orNull(Type.String({ maxLength: 32, description: 'UCUM.' }))),
    class: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 64 }))),
    precision: Type.Optional(orNull(Type.Integer({ minimum: 0, maximum: 15 }))),
    min: Type.Optional(orNull(Type.Number())),
    max: Type.Optional(orNull(Type.Number())),
  },
  strict,
);
export type MetricPatch = Type.Static<typeof MetricPatch>;

/** What a person says of a device; it wins over what the device tells. */
const described = {
  title: Type.Optional(orNull(text)),
  model: Type.Optional(orNull(text)),
  labels: Type.Optional(
    Type.Record(labelKey, orNull(Type.String({ maxLength: 200 })), { maxProperties: 64 }),
  ),
  location: Type.Optional(orNull(LocationPatch)),
  metrics: Type.Optional(
    Type.Record(Type.String({ minLength: 1, maxLength: limits.idChars }), orNull(MetricPatch), {
      maxProperties: limits.seriesPerDevice,
    }),
  ),
  expectedIntervalMs: Type.Optional(
    orNull(
      Type.Number({
        minimum: 1000,
        maximum: limits.presenceIntervalMs,
        description: 'How often it is to be heard, ms. Without it the hub learns it.',
      }),
    ),
  ),
};

export const DevicePatch = Type.Object(
  {
    ...described,
    archived: Type.Optional(
      Type.Boolean({
        description: 'Out of the lists; its history stays. It comes back when it is heard again.',
      }),
    ),
    admission: Type.Optional(
      Type.Enum(['admitted', 'denied'], { description: 'Approve what waits, or take nothing more of it.' }),
    ),
  },
  strict,
);
export type DevicePatch = Type.Static<typeof DevicePatch>;

export const NewDevice = Type.Object(
  { device: Type.String({ minLength: 1, maxLength: limits.idChars }), ...described },
  strict,
);
export type NewDevice = Type.Static<typeof NewDevice>;

export const DeviceMove = Type.Object(
  {
    group: Type.Optional(Type.String({ minLength: 1, maxLength: limits.groupChars })),
    device: Type.Optional(Type.String({ minLength: 1, maxLength: limits.idChars })),
    merge: Type.Optional(
      Type.Boolean({ description: 'There is a device of that name, and the two are one.' }),
    ),
  },
  strict,
);
export type DeviceMove = Type.Static<typeof DeviceMove>;

export const NewGroup = Type.Object(
  {
    group: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: limits.groupChars,
        description: 'A slug; made of the title when absent.',
      }),
    ),
    title: Type.Optional(text),
  },
  strict,
);
export type NewGroup = Type.Static<typeof NewGroup>;

export const GroupPatch = Type.Object(
  {
    title: Type.Optional(orNull(text)),
    archived: Type.Optional(Type.Boolean({ description: 'Only without devices that are not archived.' })),
  },
  strict,
);
export type GroupPatch = Type.Static<typeof GroupPatch>;
