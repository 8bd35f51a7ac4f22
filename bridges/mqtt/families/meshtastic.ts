/**
 * Meshtastic: what a gateway node hears in its mesh, as JSON on `msh/<region>/2/json/<channel>/<gateway>`. The device
 * is the node that sent it. https://meshtastic.org/docs/software/integrations/mqtt/
 */
import type { Json } from '#contract/event.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { presenceOf } from './presence.ts';

type Fields = Readonly<Record<string, unknown>>;

const units: Readonly<Record<string, string>> = {
  battery_level: '%',
  voltage: 'V',
  channel_utilization: '%',
  air_util_tx: '%',
  uptime_seconds: 's',
  temperature: 'Cel',
  relative_humidity: '%',
  barometric_pressure: 'hPa',
  latitude: 'deg',
  longitude: 'deg',
  altitude: 'm',
  rssi: 'dB[mW]',
  snr: 'dB',
};
const kinds: ReadonlySet<unknown> = new Set(['nodeinfo', 'position', 'telemetry', 'text', 'neighborinfo']);
/** A position's clock, precision and how it was found. */
const notMeasured = /^(?:time|timestamp|precision_bits|\w+_i)$/;

export const meshtastic: Family = {
  name: 'meshtastic',

  recognises({ levels, text, json }: FamilyMessage): boolean {
    if (isStatus(levels)) return presenceOf(text) !== undefined;
    if (levels[0] !== 'msh' || !levels.includes('json') || !isPlainObject(json)) return false;
    return kinds.has(json['type']) && typeof json['from'] === 'number' && 'payload' in json;
  },

  decode({ levels, text, json }: FamilyMessage): FamilyOutcome {
    if (isStatus(levels))
      return {
        reports: [{ device: levels.at(-1)?.slice(1) ?? '', presence: presenceOf(text) }],
      };
    const fields = json as Fields;
    const { type, from, payload, timestamp } = fields;
    // Nodes are written as the 32 bits of their number; JSON may have them with a sign.
    const device = (Number(from) >>> 0).toString(16).padStart(8, '0');
    const timeUs = parseTime(timestamp);
    const inner: Fields = isPlainObject(payload) ? payload : {};
    if (type === 'nodeinfo') {
      const { longname: title } = inner;
      return { reports: [{ device, description: typeof title === 'string' ? { title } : {} }] };
    }
    if (type === 'position' || type === 'telemetry')
      return {
        reports: [{ device, readings: readingsFrom({ ...inner, ...positionOf(inner) }, fields, timeUs) }],
      };
    return { reports: [{ device, events: [{ name: String(type), timeUs, data: payload as Json }] }] };
  },
};

/** `msh/<region>/2/stat/!<gateway>`: whether the gateway is there. */
function isStatus(levels: readonly string[]): boolean {
  return levels[0] === 'msh' && levels.at(-2) === 'stat' && /^![0-9a-f]{8}$/.test(levels.at(-1) ?? '');
}

function readingsFrom(inner: Fields, { rssi, snr }: Fields, timeUs: number | undefined): DecodedReading[] {
  const radio = { ...(rssi === undefined ? {} : { rssi }), ...(snr === undefined ? {} : { snr }) };
  return readingsOf(
    { ...inner, ...radio },
    {
      timeUs,
      skip: ([first = '']) => notMeasured.test(first),
      unit: ([first = '']) => (Object.hasOwn(units, first) ? units[first] : undefined),
    },
  );
}

/** Coordinates are whole numbers of 10⁻⁷ degrees. */
function positionOf({ latitude_i: latitude, longitude_i: longitude }: Fields): Fields {
  return {
    ...(typeof latitude === 'number' ? { latitude: latitude / 1e7 } : {}),
    ...(typeof longitude === 'number' ? { longitude: longitude / 1e7 } : {}),
  };
}
