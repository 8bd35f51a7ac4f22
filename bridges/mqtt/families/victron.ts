/**
 * Victron Venus OS: `N/<portal>/<service>/<instance>/<path>` with `{"value": …}`; `null` is "no value".
 * https://github.com/victronenergy/dbus-flashmq  https://github.com/victronenergy/venus/wiki/dbus
 */
import type { Json } from '#contract/event.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';

/** The id of an installation: the address of its network card. */
const portal = /^[0-9a-f]{12}$/i;

/** By the end of the path on the D-Bus; the first that fits. */
const units: readonly (readonly [path: RegExp, unit: string])[] = [
  [/(?:^|\.)Temperature\d?$|(?:^|\.)(?:Min|Max)CellTemperature$/, 'Cel'],
  [/(?:^|\.)(?:Voltage|V)$|CellVoltage$|Voltages\.\w+$/, 'V'],
  [/(?:^|\.)(?:Current|I)$/, 'A'],
  [/(?:^|\.)Ac\.(?:\w+\.)*F$|(?:^|\.)Frequency$/, 'Hz'],
  [/(?:^|\.)Ac\.(?:\w+\.)*S$/, 'V.A'],
  [/(?:^|\.)(?:Power|P|MaxPower)$/, 'W'],
  [/^(?:Info\.)?Max(?:Charge|Discharge)Current$/, 'A'],
  [/^History\.(?:Deepest|Last|Average)Discharge$/, 'A.h'],
  [/^History\.(?:Minimum|Maximum)Voltage$|^Info\.MaxChargeVoltage$/, 'V'],
  [/(?:^|\.)(?:Soc|SoC|Soh|MinimumSocLimit|Level|Humidity)$/, '%'],
  [/(?:^|\.)Energy\.(?:Forward|Reverse)$/, 'kW.h'],
  [/^(?:History\.(?:Overall|Daily)\.(?:\d+\.)?|)Yield(?:\.(?:User|System))?$/, 'kW.h'],
  [/^History\.(?:ChargedEnergy|DischargedEnergy)$/, 'kW.h'],
  [/(?:^|\.)ConsumedAmphours$|^History\.TotalAhDrawn$|Capacity$/, 'A.h'],
  [/(?:^|\.)TimeToGo$|^ChargingTime$/, 's'],
  [/(?:^|\.)Irradiance$/, 'W/m2'],
  [/^Position\.(?:Latitude|Longitude)$|^Course$/, 'deg'],
  [/^Speed$/, 'm/s'],
];
/** In cubic metres, where everything else with that name is in ampere hours. */
const tankUnits: Readonly<Record<string, string>> = { Capacity: 'm3', Remaining: 'm3', Level: '%' };

export const victron: Family = {
  name: 'victron',

  recognises({ levels, text, json }: FamilyMessage): boolean {
    const [kind, id = ''] = levels;
    if (!portal.test(id) || text === undefined || levels.length < 3) return false;
    if (kind === 'R' || kind === 'W') return true;
    if (kind !== 'N') return false;
    if (text === '' || levels.length === 3) return true;
    return levels.length >= 5 && /^\d+$/.test(levels[3] ?? '') && isPlainObject(json) && 'value' in json;
  },

  decode({ levels, json }: FamilyMessage): FamilyOutcome {
    const [kind, id = '', service = '', instance = '', ...path] = levels;
    if (kind !== 'N') return { reports: [], aside: 'A request to a Victron installation.' };
    if (path.length === 0)
      return { reports: [], aside: 'A sign of life of the installation, not a value of a device.' };
    const device = [id, service, instance].join('.');
    const value = (json as Readonly<Record<string, unknown>>)['value'];
    const metric = path.join('.');
    if (metric === 'ProductName' && typeof value === 'string')
      return { reports: [{ device, description: { model: value } }] };
    if (metric === 'CustomName' && typeof value === 'string' && value !== '')
      return { reports: [{ device, description: { title: value } }] };
    // A list has no place in a series: it is state.
    if (typeof value === 'object' && value !== null)
      return { reports: [{ device, reported: { [metric]: value as Json } }] };
    const unit = service === 'tank' && Object.hasOwn(tankUnits, metric) ? tankUnits[metric] : unitOf(metric);
    return { reports: [{ device, readings: readingsOf({ [metric]: value }, { unit: () => unit }) }] };
  },
};

function unitOf(metric: string): string | undefined {
  return units.find(([pattern]) => pattern.test(metric))?.[1] || undefined;
}
