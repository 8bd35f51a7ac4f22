/**
 * What Home Assistant says without its discovery: its own birth and will (`online`/`offline`), and states below the
 * discovery prefix. A status on any other topic may be anybody's.
 * https://www.home-assistant.io/integrations/mqtt/#birth-and-last-will-messages
 */
import { decodeScalar } from '#contract/formats/scalar.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { presenceOf } from './presence.ts';

const prefix = 'homeassistant';
const components: ReadonlySet<string> = new Set(
  `alarm_control_panel binary_sensor button climate cover device device_automation device_tracker event fan humidifier
   image light lock number scene select sensor siren switch tag text update vacuum valve water_heater`.split(
    /\s+/,
  ),
);

export const homeassistant: Family = {
  name: 'homeassistant',

  recognises({ levels, text }: FamilyMessage): boolean {
    if (text === undefined) return false;
    const last = levels.at(-1) ?? '';
    if (levels[0] === prefix && components.has(levels[1] ?? ''))
      return levels.length >= 4 && (last === 'state' || last === 'set');
    return levels[0] === prefix && levels.length === 2 && last === 'status' && presenceOf(text) !== undefined;
  },

  decode({ levels, text = '', json }: FamilyMessage): FamilyOutcome {
    const last = levels.at(-1) ?? '';
    if (last === 'set') return { reports: [], aside: 'A command to a device.' };
    if (last === 'state') {
      const device = levels.slice(2, -1).join('/');
      const readings = isPlainObject(json)
        ? readingsOf(json)
        : [{ metric: levels[1] ?? 'state', ...scalarOf(text) }];
      return { reports: [{ device, readings }] };
    }
    return {
      reports: [{ device: levels.slice(0, -1).join('/'), presence: presenceOf(text) }],
    };
  },
};

function scalarOf(text: string): Pick<ReturnType<typeof decodeScalar>, 'value' | 'quality'> {
  const { value, quality } = decodeScalar(text);
  return { value, quality };
}
