/**
 * Gateways of ChirpStack: `[<region>/]gateway/<id>/event/<event>` and `…/state/conn`, in JSON or in Protobuf, which is what
 * its programs come with. Statistics are readings of the gateway; uplinks are not: they are encrypted frames, whose values
 * the network server publishes under `application/`. Each must name the gateway that its topic names.
 * https://www.chirpstack.io/docs/chirpstack-gateway-bridge/payloads/events.html
 */
import { readChirpstack, type ChirpstackMessage } from '#contract/formats/chirpstack-payload.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { locationUnit, pick, type Fields } from './lorawan.ts';

const messages: Readonly<Record<string, readonly ChirpstackMessage[]>> = {
  event: ['stats', 'up', 'ack', 'exec', 'raw', 'mesh'],
  command: ['down', 'exec', 'raw', 'mesh', 'config'],
  state: ['conn'],
};
/** Since the statistics before. */
const counts = [
  'rxPacketsReceived',
  'rxPacketsReceivedOk',
  'rxPacketsReceivedOK',
  'txPacketsReceived',
  'txPacketsEmitted',
  'rxPacketsPerFrequency',
  'txPacketsPerFrequency',
  'txPacketsPerStatus',
];

interface Place {
  readonly gateway: string;
  readonly direction: string;
  readonly kind: ChirpstackMessage;
}

/** A region may stand before it. */
function placeOf(levels: readonly string[]): Place | undefined {
  const [first, gateway = '', direction = '', last, ...more] =
    levels[0] === 'gateway' ? levels : levels.slice(1);
  if (first !== 'gateway' || more.length > 0 || !/^[0-9a-f]{16}$/i.test(gateway)) return undefined;
  const kind = messages[direction]?.find((message) => message === last);
  return kind === undefined ? undefined : { gateway: gateway.toLowerCase(), direction, kind };
}

/** Undefined: it is not from this gateway. */
function told({ json, payload }: FamilyMessage, { gateway, kind }: Place): Fields | undefined {
  const fields = isPlainObject(json) ? json : readChirpstack(kind, payload);
  if (fields === undefined) return undefined;
  const { gatewayId, gatewayID } = kind === 'up' ? fieldsOf(fields['rxInfo']) : fields;
  return hexOf(gatewayId ?? gatewayID) === gateway ? fields : undefined;
}

/** Version 3 has it in base64. */
function hexOf(id: unknown): string | undefined {
  if (typeof id !== 'string') return undefined;
  return id.length === 16 ? id.toLowerCase() : Buffer.from(id, 'base64').toString('hex');
}

export const chirpstackGateway: Family = {
  name: 'chirpstack',

  recognises(message: FamilyMessage): boolean {
    const place = placeOf(message.levels);
    return place !== undefined && told(message, place) !== undefined;
  },

  decode(message: FamilyMessage): FamilyOutcome {
    const place = placeOf(message.levels);
    const fields = place === undefined ? undefined : told(message, place);
    if (place === undefined || fields === undefined) return { reports: [] };
    const { gateway: device, direction, kind } = place;
    if (direction === 'command') return { reports: [], aside: 'A command to a LoRaWAN gateway.' };
    if (kind === 'conn') {
      // Offline is zero, which both forms may leave out.
      const isOnline = fields['state'] === 'ONLINE' || fields['state'] === 1;
      return { reports: [{ device, presence: isOnline ? 'online' : 'offline' }] };
    }
    if (kind === 'stats')
      return { reports: [{ device, description: { labels: labelsOf(fields) }, readings: statsOf(fields) }] };
    return {
      reports: [],
      aside: 'A radio frame of a LoRaWAN gateway: what it means, the network server tells.',
    };
  },
};

function statsOf(fields: Fields): DecodedReading[] {
  const timeUs = parseTime(fields['time']);
  // Zero is left out: a gateway that says nothing of its packets had none.
  const known = { rxPacketsReceived: 0, txPacketsEmitted: 0, ...pick(fields, counts) };
  const location = pick(fieldsOf(fields['location']), ['latitude', 'longitude', 'altitude']);
  return [...readingsOf(known, { timeUs }), ...readingsOf({ location }, { timeUs, unit: locationUnit })];
}

function labelsOf(fields: Fields): Record<string, string> {
  const all = Object.entries(fieldsOf(fields['metadata'] ?? fields['metaData']));
  return Object.fromEntries(
    all.filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== '__proto__',
    ),
  );
}

function fieldsOf(value: unknown): Fields {
  return isPlainObject(value) ? value : {};
}
