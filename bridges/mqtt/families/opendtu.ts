/**
 * OpenDTU, Hoymiles inverters: `solar/<serial>/<channel>/<field>`, one plain value per topic; channel 0 is the grid's side.
 * https://www.opendtu.solar/firmware/mqtt_topics/
 */
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { presenceOf } from './presence.ts';

const base = 'solar';
const gateway = 'dtu';
/** Twelve digits, of which the first is the maker's. */
const serial = /^1[0-9a-f]{11}$/i;

const units: Readonly<Record<string, string | undefined>> = {
  power: 'W',
  powerdc: 'W',
  voltage: 'V',
  current: 'A',
  frequency: 'Hz',
  powerfactor: '1',
  reactivepower: 'V.A{reactive}',
  yieldday: 'W.h',
  yieldtotal: 'kW.h',
  temperature: 'Cel',
  efficiency: '%',
  irradiation: '%',
};
const statusUnits: Readonly<Record<string, string | undefined>> = {
  reachable: undefined,
  producing: undefined,
  limit_relative: '%',
  limit_absolute: 'W',
};
const gatewayUnits: Readonly<Record<string, string | undefined>> = { rssi: 'dB[mW]', uptime: 's' };
const aboutGateway = /^(?:status|ip|hostname|bssid|rssi|uptime|heap)$/;

export const opendtu: Family = {
  name: 'opendtu',

  recognises({ levels, text, memory }: FamilyMessage): boolean {
    const [first, second = '', third = ''] = levels;
    if (first !== base || text === undefined || levels.length < 3) return false;
    if (second === gateway) return aboutGateway.test(third);
    // What all inverters yield together: its topic alone could be anybody's.
    if (second === 'ac' || second === 'dc')
      return levels.length === 3 && (third in units || third === 'is_valid') && memory.of(Inverters).areHeard;
    return serial.test(second);
  },

  decode({ levels, text = '', memory }: FamilyMessage): FamilyOutcome {
    const [, second = '', third = '', field = ''] = levels;
    if (second === gateway) return decodeGateway(levels.slice(2), text);
    if (second === 'ac' || second === 'dc')
      return {
        reports: [{ device: 'total', readings: [toReading(`${second}.${third}`, text, units[third])] }],
      };
    memory.of(Inverters).areHeard = true;
    if (third === 'name') return { reports: [{ device: second, description: { title: text } }] };
    if (third === 'cmd') return { reports: [], aside: 'A command to an inverter.' };
    if (third === 'status' && Object.hasOwn(statusUnits, field))
      return {
        reports: [
          {
            device: second,
            readings: [toReading(`status.${field}`, text, statusUnits[field])],
            ...(field === 'reachable' ? { presence: text === '1' ? 'online' : 'offline' } : {}),
          },
        ],
      };
    if (/^[0-6]$/.test(third) && Object.hasOwn(units, field))
      return {
        reports: [{ device: second, readings: [toReading(`${third}.${field}`, text, units[field])] }],
      };
    return { reports: [], aside: 'What the inverter or its radio is: it measures nothing.' };
  },
};

/** Whether any inverter has been heard at this broker. */
class Inverters {
  areHeard = false;
}

function decodeGateway(path: readonly string[], text: string): FamilyOutcome {
  const metric = path.join('.');
  const presence = metric === 'status' ? presenceOf(text) : undefined;
  if (presence !== undefined) return { reports: [{ device: gateway, presence }] };
  return { reports: [{ device: gateway, readings: [toReading(metric, text, gatewayUnits[metric])] }] };
}

function toReading(metric: string, text: string, unit: string | undefined): DecodedReading {
  const { value, quality } = decodeScalar(text);
  return { metric, value, quality, ...(unit === undefined || typeof value !== 'number' ? {} : { unit }) };
}
