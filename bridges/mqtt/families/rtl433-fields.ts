/**
 * rtl_433 with one topic per field: `…/rtl_433/[<host>/devices/]<model>/…/<field>`. Only what is a value for certain is
 * taken: a field whose name says so. https://github.com/merbanan/rtl_433/blob/master/docs/OPERATION.md#mqtt-output
 */
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { isRtl433Identity, rtl433Unit } from './rtl433.ts';

/** Values without a unit in their name. */
const plainFields =
  /^(?:battery_ok|battery_low|battery_raw|uv|uvi|uv_index|strike_count|storm_dist|status|tamper|alarm|motion|opened|closed|contact_open|reed_open|button|state|switch\d|event|cmd|command|alert)$/;

export const rtl433Fields: Family = {
  name: 'rtl_433',

  recognises({ levels, text }: FamilyMessage): boolean {
    const { device, field } = partsOf(levels);
    if (device.length === 0 || text === undefined || /^\s*[{[]/.test(text)) return false;
    return isRtl433Identity(field) || rtl433Unit([field]) !== undefined || plainFields.test(field);
  },

  decode({ levels, text = '' }: FamilyMessage): FamilyOutcome {
    const { device, field } = partsOf(levels);
    if (isRtl433Identity(field))
      return { reports: [], aside: 'What the sender is or when it sent: it stands beside the values.' };
    const { value, quality } = decodeScalar(text);
    const unit = typeof value === 'number' ? rtl433Unit([field]) : undefined;
    const reading = { metric: field, value, quality, ...(unit === undefined ? {} : { unit }) };
    return { reports: [{ device: device.join('-'), readings: [reading] }] };
  },
};

/** The sender's levels and the field's; no sender if the topic has another form. */
function partsOf(levels: readonly string[]): { readonly device: readonly string[]; readonly field: string } {
  const at = levels.indexOf('rtl_433');
  const field = levels.at(-1) ?? '';
  if (at < 0) return { device: [], field };
  const isDefault = levels[at + 2] === 'devices';
  const device = levels.slice(at + (isDefault ? 3 : 1), -1);
  const [model = '', channel = '', id = '', ...more] = device;
  const isNumbered = /^(?:\d+|[A-C])$/.test(channel) && /^\d+$/.test(id) && more.length === 0;
  // Topics have the channel first, and whole messages name the sender by its id first: it is the same one.
  return { device: isDefault && isNumbered ? [model, id, channel] : device, field };
}
