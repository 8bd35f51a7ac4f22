/**
 * ChirpStack v4 and v3: events of LoRaWAN devices; the values are in `object` (or as text in `objectJSON`) if the
 * network server has a codec. Version 3 tells of the device at the top, and once had topics without `event`.
 * https://www.chirpstack.io/docs/chirpstack/integrations/events.html
 */
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject, parseJson } from '#contract/formats/json.ts';
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

const oldEvents = /^(?:rx|join|ack|status|error|location|txack)$/;

export const chirpstack: Family = {
  name: 'chirpstack',

  recognises({ levels, json }: FamilyMessage): boolean {
    const [first, , third, eui = '', fifth = ''] = levels;
    if (first !== 'application' || third !== 'device' || !isPlainObject(json)) return false;
    if (levels.length === 5) return oldEvents.test(fifth) && typeof json['devEUI'] === 'string';
    if (levels.length !== 6) return false;
    return (fifth === 'event' || fifth === 'command') && /^[0-9a-f]{16}$/i.test(eui);
  },

  decode({ levels, json }: FamilyMessage): FamilyOutcome {
    if (levels[4] === 'command') return { reports: [], aside: 'A downlink to a LoRaWAN device.' };
    const fields = json as Fields;
    const device = levels[3] ?? '';
    const timeUs = parseTime(fields['time']);
    const description = describe(fields['deviceInfo'] ?? fields);
    const type = (levels[5] ?? levels[4] ?? '').replace(/^rx$/, 'up');
    if (type === 'up' || type === 'status' || type === 'location')
      return { reports: [{ device, description, readings: readingsFrom(type, fields, timeUs) }] };
    const { deviceInfo: _, deduplicationId: _id, time: _time, ...data } = fields;
    return { reports: [{ device, description, events: [{ name: type, timeUs, data: data as Json }] }] };
  },
};

function readingsFrom(type: string, fields: Fields, timeUs: number | undefined): DecodedReading[] {
  if (type === 'location')
    return readingsOf({ location: fields['location'] }, { timeUs, unit: locationUnit });
  // The level is 0, too, where none is known.
  const isUnknown = fields['batteryLevelUnavailable'] === true || fields['externalPowerSource'] === true;
  if (type === 'status')
    return readingsOf(
      pick(fields, ['margin', 'batteryLevel', 'externalPowerSource', 'batteryLevelUnavailable']),
      { timeUs, unit: statusUnit, isSentinel: ([name]) => name === 'batteryLevel' && isUnknown },
    );
  const radio = pick(fields, ['fCnt', 'fPort', 'dr']);
  const best = strongest(fields['rxInfo']);
  const values = fields['object'] ?? parsedObject(fields['objectJSON']);
  return [
    ...readingsOf(isPlainObject(values) ? values : {}, {
      timeUs,
      isSentinel: isLorawanSentinel,
      unit: codecUnit,
    }),
    ...readingsOf({ ...radio, ...best }, { timeUs, unit: radioUnit }),
  ];
}

function parsedObject(text: unknown): unknown {
  try {
    return typeof text === 'string' ? parseJson(text) : undefined;
  } catch {
    return undefined;
  }
}

function statusUnit([name]: readonly string[]): string | undefined {
  if (name === 'batteryLevel') return '%';
  return name === 'margin' ? 'dB' : undefined;
}

function describe(info: unknown): DeviceDescription {
  if (!isPlainObject(info)) return {};
  const { deviceName: title, deviceProfileName: model, applicationName: application, tags } = info;
  const labels: Record<string, string> = typeof application === 'string' ? { application } : {};
  for (const [key, value] of Object.entries(isPlainObject(tags) ? tags : {})) {
    if (typeof value === 'string' && key !== '__proto__') labels[key] = value;
  }
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    labels,
  };
}
