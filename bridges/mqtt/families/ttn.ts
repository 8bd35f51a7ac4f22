/**
 * The Things Network v3 (The Things Stack): `v3/<application>[@<tenant>]/devices/<device>/…`. The values are in
 * `decoded_payload` if the application has a formatter.
 * https://www.thethingsindustries.com/docs/integrations/other-integrations/mqtt/
 */
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import {
  codecUnit,
  isLorawanSentinel,
  locationUnit,
  pick,
  radioUnit,
  strongest,
  type Fields,
} from './lorawan.ts';

/** What stands behind the device in the topic, and under which key the message has it. */
const bodies: Readonly<Record<string, string>> = {
  up: 'uplink_message',
  'up/normalized': 'uplink_normalized',
  join: 'join_accept',
  'location/solved': 'location_solved',
  'service/data': 'service_data',
  'down/queued': 'downlink_queued',
  'down/sent': 'downlink_sent',
  'down/ack': 'downlink_ack',
  'down/nack': 'downlink_nack',
  'down/failed': 'downlink_failed',
  'down/queue_invalidated': 'downlink_queue_invalidated',
};
const commands: ReadonlySet<string> = new Set(['down/push', 'down/replace']);

export const ttn: Family = {
  name: 'ttn',

  recognises({ levels, json }: FamilyMessage): boolean {
    if (levels[0] !== 'v3' || levels[2] !== 'devices' || !isPlainObject(json)) return false;
    const kind = levels.slice(4).join('/');
    if (commands.has(kind)) return Array.isArray(json['downlinks']);
    return kind in bodies && isPlainObject(json['end_device_ids']);
  },

  decode({ levels, json }: FamilyMessage): FamilyOutcome {
    const kind = levels.slice(4).join('/');
    if (commands.has(kind)) return { reports: [], aside: 'A downlink to a LoRaWAN device.' };
    const fields = json as Fields;
    const device = levels[3] ?? '';
    const description = describe(levels[1] ?? '', fields['end_device_ids']);
    const inner = fields[bodies[kind] ?? ''];
    const body: Fields = isPlainObject(inner) ? inner : {};
    const timeUs = parseTime(body['received_at'] ?? fields['received_at']);
    if (kind === 'up' || kind === 'up/normalized')
      return { reports: [{ device, description, readings: uplink(body, timeUs) }] };
    if (kind === 'location/solved') {
      const readings = readingsOf(pick(body, ['location']), { timeUs, unit: locationUnit });
      return { reports: [{ device, description, readings }] };
    }
    const name = kind.replace('/', '-');
    return { reports: [{ device, description, events: [{ name, timeUs, data: body as Json }] }] };
  },
};

function uplink(body: Fields, timeUs: number | undefined): DecodedReading[] {
  const decoded = body['decoded_payload'];
  const isDecoded = isPlainObject(decoded) && Object.keys(decoded).length > 0;
  const radio = { ...pick(body, ['f_port', 'f_cnt']), ...strongest(body['rx_metadata']) };
  return [
    ...(isDecoded
      ? readingsOf(decoded, { timeUs, isSentinel: isLorawanSentinel, unit: codecUnit })
      : normalized(body['normalized_payload'], timeUs)),
    ...readingsOf(radio, { timeUs, unit: radioUnit }),
  ];
}

/** The same values in names and units of the network: one measurement, or several that may have times of their own. */
function normalized(payload: unknown, timeUs: number | undefined): DecodedReading[] {
  const measurements: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  return measurements.flatMap((measurement) => {
    if (!isPlainObject(measurement)) return [];
    const { time, ...values } = measurement;
    return readingsOf(values, { timeUs: parseTime(time) ?? timeUs, unit: normalizedUnit });
  });
}

/** https://github.com/TheThingsNetwork/lorawan-devices: schema of payloads. */
const normalizedUnits: Readonly<Record<string, string>> = {
  battery: 'V',
  'air.temperature': 'Cel',
  'air.relativeHumidity': '%',
  'air.pressure': 'hPa',
  'air.co2': '[ppm]',
  'air.lightIntensity': 'lx',
  'wind.speed': 'm/s',
  'wind.direction': 'deg',
  'rain.intensity': 'mm/h',
  'rain.cumulative': 'mm',
  'soil.temperature': 'Cel',
  'soil.moisture': '%',
  'soil.ec': 'dS/m',
  'water.temperature.min': 'Cel',
  'water.temperature.max': 'Cel',
  'water.temperature.avg': 'Cel',
  'water.temperature.current': 'Cel',
};

function normalizedUnit(path: readonly string[]): string | undefined {
  const name = path.join('.');
  return Object.hasOwn(normalizedUnits, name) ? normalizedUnits[name] : undefined;
}

function describe(application: string, ids: unknown): DeviceDescription {
  const address = isPlainObject(ids) ? ids['dev_eui'] : undefined;
  return { labels: { application, ...(typeof address === 'string' ? { devEui: address } : {}) } };
}
