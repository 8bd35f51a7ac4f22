/** What views bring, as the contract documents describe it: frames, gaps, events, the answer to a subscription. */
import Type from 'typebox';
import { limits } from '#contract/limits.ts';
import { AnyJson, EpochMs } from './schemas.ts';

const id = Type.String({ minLength: 1, maxLength: limits.idChars });
export const name = { group: Type.String(), device: id };
const Reading = Type.Array(Type.Unknown(), {
  minItems: 4,
  maxItems: 6,
  description: '[device, metric, time in epoch ms, value, quality when not good, tags]',
});
const ReadingGroup = Type.Array(Type.Unknown(), {
  minItems: 3,
  maxItems: 5,
  description:
    'What a device told at one instant: [device, ms after the time of the frame, {metric: value}, quality when not good, tags]',
});
export const EventMessage = Type.Object({
  ...name,
  name: Type.String({
    description: '`hub:…`: told by the hub itself, as hub:offline or hub:command-failed.',
  }),
  offset: Type.Integer(),
  time: EpochMs,
  data: AnyJson,
});
export const Frame = Type.Object({
  view: Type.String(),
  offset: Type.Integer(),
  time: Type.Integer({ description: 'Epoch ms that the times of the readings count from.' }),
  readings: Type.Array(ReadingGroup, {
    description:
      'In mode `latest` the newest of each series, then those that came later than a newer one, each at its own time.',
  }),
  incomplete: Type.Optional(
    Type.Object(
      { start: EpochMs, end: EpochMs },
      {
        description: `More than ${limits.lateFrameReadings} came late: those left out lie from \`start\` up to \`end\`, where history has them.`,
      },
    ),
  ),
});
export const Gap = Type.Object({
  view: Type.String(),
  reason: Type.Enum(['epoch-changed', 'too-far-behind', 'slow-consumer', 'store-failed']),
  latest: Type.Array(Reading),
  offset: Type.Integer(),
});
export const Subscribed = Type.Object({
  view: Type.String(),
  epoch: Type.String(),
  offset: Type.Integer(),
  latest: Type.Array(Reading),
  history: Type.Optional(Type.Array(Type.Unknown())),
  missed: Type.Optional(Type.Array(Reading)),
  events: Type.Optional(Type.Array(EventMessage)),
  gap: Type.Optional(Gap.properties.reason),
});
