/**
 * OwnTracks: where people and things are. https://owntracks.org/booklet/tech/json/
 */
import type { Json } from '#contract/event.ts';
import { FormatError, type DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';

type Fields = Readonly<Record<string, unknown>>;

const units: Readonly<Record<string, string>> = {
  lat: 'deg',
  lon: 'deg',
  acc: 'm',
  vac: 'm',
  alt: 'm',
  rad: 'm',
  vel: 'km/h',
  cog: 'deg',
  batt: '%',
  p: 'kPa',
};
/** `-1` says that the phone does not know. */
const unknownWhenNegative = /^(?:cog|batt|vel|vac|acc)$/;
const notMeasured = /^(?:_type|tst|tid|topic|t|created_at|_.*|ssid|SSID|BSSID|addr|cc|inregions|inrids)$/;
const eventTypes: ReadonlySet<unknown> = new Set(['transition', 'waypoint', 'steps', 'beacon', 'dump']);

export const owntracks: Family = {
  name: 'owntracks',

  recognises({ levels, json }: FamilyMessage): boolean {
    return (
      levels[0] === 'owntracks' &&
      levels.length >= 3 &&
      isPlainObject(json) &&
      typeof json['_type'] === 'string'
    );
  },

  decode({ levels, json }: FamilyMessage): FamilyOutcome {
    const fields = json as Fields;
    const device = `${levels[1]}.${levels[2]}`;
    const type = fields['_type'];
    const timeUs = parseTime(fields['tst']);
    if (type === 'location') return { reports: [{ device, readings: locationOf(fields, timeUs) }] };
    if (type === 'lwt') return { reports: [{ device, presence: 'offline' }] };
    if (type === 'card' && typeof fields['name'] === 'string')
      return { reports: [{ device, description: { title: fields['name'] } }] };
    if (type === 'encrypted')
      throw new FormatError('encrypted', 'The payload is encrypted and the hub has no key.');
    if (!eventTypes.has(type))
      return { reports: [], aside: 'Not a position: a command, or settings of the app.' };
    const { _type: _, tst: _tst, event, ...data } = fields;
    const name = typeof event === 'string' ? event : String(type);
    return { reports: [{ device, events: [{ name, timeUs, data: data as Json }] }] };
  },
};

function locationOf(fields: Fields, timeUs: number | undefined): DecodedReading[] {
  return readingsOf(fields, {
    timeUs,
    skip: ([first = '']) => notMeasured.test(first),
    unit: ([first = '']) => (Object.hasOwn(units, first) ? units[first] : undefined),
    isSentinel: ([first = ''], value) => value < 0 && unknownWhenNegative.test(first),
  });
}
