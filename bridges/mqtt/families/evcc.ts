/**
 * evcc: `evcc/site/…`, `evcc/loadpoints/<n>/…`, `evcc/vehicles/<name>/…`, one retained plain value per topic.
 * https://docs.evcc.io/en/docs/integrations/mqtt-api
 */
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { presenceOf } from './presence.ts';

const base = 'evcc';
const parts: ReadonlySet<string | undefined> = new Set(['site', 'loadpoints', 'vehicles']);

/** By the last word of the topic, without the number of a phase. Of durations it is not settled whether in s or ns. */
const units: readonly (readonly [name: RegExp, unit: string])[] = [
  [/(?:^p|P)ower$/, 'W'],
  [/(?:^s|S)oc$/, '%'],
  [/(?:^c|C)urrents?$/, 'A'],
  [/(?:^v|V)oltages$/, 'V'],
  [/^(?:chargedEnergy|sessionEnergy|chargeRemainingEnergy)$/, 'W.h'],
  [/^(?:energy|chargeTotalImport|chargedKWh|capacity|vehicleCapacity|limitEnergy|planEnergy)$/, 'kW.h'],
  [/^(?:vehicleRange|vehicleOdometer|range|odometer)$/, 'km'],
  [/(?:^s|S)olarPercentage$/, '%'],
];

export const evcc: Family = {
  name: base,

  recognises({ levels, text }: FamilyMessage): boolean {
    if (levels[0] !== base || text === undefined || levels.length < 2 || /^\s*[{[]/.test(text)) return false;
    if (levels.length === 2)
      return levels[1] === 'status' ? presenceOf(text) !== undefined : isAbout(levels[1]);
    if (!parts.has(levels[1])) return false;
    return levels[1] === 'site' || levels.length >= 4 || /^\d+$/.test(levels[2] ?? '');
  },

  decode({ levels, text = '' }: FamilyMessage): FamilyOutcome {
    const [, part = '', second = ''] = levels;
    if (part === 'status') return { reports: [{ device: 'site', presence: presenceOf(text) }] };
    if (levels.at(-1) === 'set') return { reports: [], aside: 'A command to evcc.' };
    const path = levels.slice(part === 'site' ? 2 : 3);
    if (path.length === 0)
      return { reports: [], aside: 'How many there are, or when evcc last wrote: not a value of a device.' };
    const device = part === 'site' ? part : `${part}.${second}`;
    const { value, quality } = decodeScalar(text);
    const name = path.findLast((level) => !/^(?:l?\d+)$/.test(level)) ?? '';
    const unit = typeof value === 'number' ? unitOf(name) : undefined;
    const metric = path.join('.');
    return {
      reports: [{ device, readings: [{ metric, value, quality, ...(unit === undefined ? {} : { unit }) }] }],
    };
  },
};

function isAbout(level: string | undefined): boolean {
  return level === 'updated' || level === 'loadpoints' || level === 'vehicles';
}

function unitOf(name: string): string | undefined {
  return units.find(([pattern]) => pattern.test(name))?.[1];
}
