/**
 * Valetudo, robot vacuums: `valetudo/<robot>/<attribute or capability>/<value>`, in the manner of Homie below a prefix of
 * its own. https://valetudo.cloud/pages/integrations/mqtt.html
 */
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';

const node = /^[A-Z]\w*(?:Attribute|Capability)$/;
const units: Readonly<Record<string, string>> = {
  'BatteryStateAttribute.level': '%',
  'CurrentStatisticsCapability.area': 'cm2',
  'CurrentStatisticsCapability.time': 's',
  'TotalStatisticsCapability.area': 'cm2',
  'TotalStatisticsCapability.time': 's',
  'WifiConfigurationCapability.signal': 'dB[mW]',
};
const states: Readonly<Record<string, 'online' | 'offline'>> = {
  ready: 'online',
  alert: 'online',
  sleeping: 'online',
  disconnected: 'offline',
  lost: 'offline',
};

export const valetudo: Family = {
  name: 'valetudo',

  recognises({ levels, text }: FamilyMessage): boolean {
    const [first, robot = '', third = ''] = levels;
    if (first !== 'valetudo' || robot === '' || levels.length < 3) return false;
    if (third === 'MapData') return true;
    return text !== undefined && (third.startsWith('$') || (node.test(third) && levels.length >= 4));
  },

  decode({ levels, text = '' }: FamilyMessage): FamilyOutcome {
    const [, device = '', third = '', ...path] = levels;
    const presence = third === '$state' && Object.hasOwn(states, text) ? states[text] : undefined;
    if (presence !== undefined) return { reports: [{ device, presence }] };
    if (third === '$name') return { reports: [{ device, description: { title: text } }] };
    const last = path.at(-1) ?? '';
    if (
      third === 'MapData' ||
      third.startsWith('$') ||
      last.startsWith('$') ||
      /^(?:set|get|reset)$/.test(last)
    )
      return { reports: [], aside: 'A map, a command, or what describes a property.' };
    const metric = [third, ...path].join('.');
    const { value, quality } = decodeScalar(text);
    const unit = typeof value === 'number' && Object.hasOwn(units, metric) ? units[metric] : undefined;
    return {
      reports: [{ device, readings: [{ metric, value, quality, ...(unit === undefined ? {} : { unit }) }] }],
    };
  },
};
