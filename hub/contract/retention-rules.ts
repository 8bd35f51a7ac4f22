/** The rules of people for how long history is kept, as they are sent. */
import Type from 'typebox';
import { limits } from './limits.ts';

const days = Type.Integer({ minimum: 1, maximum: 36_500 });

export const RetentionRule = Type.Object(
  {
    /** Absent: every group. */
    group: Type.Optional(Type.String({ minLength: 1, maxLength: limits.groupChars })),
    /** An id, or a pattern with `*` for any run of characters. Absent: every metric, and events. */
    metric: Type.Optional(Type.String({ minLength: 1, maxLength: limits.idChars })),
    /** `null`: for ever. */
    days: Type.Union([days, Type.Null()]),
  },
  { additionalProperties: false },
);
export type RetentionRule = Type.Static<typeof RetentionRule>;

export const RetentionRules = Type.Array(RetentionRule, { maxItems: 1000 });
