/**
 * ESPHome: `<prefix>/<component>/<name>/state` with plain text, or JSON for lights; `<prefix>/debug` is its log.
 * https://esphome.io/components/mqtt/
 */
import { decodeScalar } from '#contract/formats/scalar.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';

const components: ReadonlySet<string> = new Set(
  `alarm_control_panel binary_sensor button climate cover date datetime event fan light lock media_player number select
   sensor switch text text_sensor time update valve`.split(/\s+/),
);
/** The colour codes of a log line. */
// eslint-disable-next-line no-control-regex -- ESC is what the log begins with
const ansi = /\u001B\[[0-9;]*m/g;
const logLine = /^\[([A-Z]+)\]\[([^\]]+)\]:?\s*(.*)$/s;

export const esphome: Family = {
  name: 'esphome',

  recognises({ levels, text }: FamilyMessage): boolean {
    if (text === undefined) return false;
    const last = levels.at(-1);
    if (last === 'debug') return levels.length >= 2 && logLine.test(text.replace(ansi, ''));
    if (levels.length < 4 || levels[0] === 'homeassistant') return false;
    return components.has(levels.at(-3) ?? '') && (last === 'state' || last === 'command');
  },

  decode({ levels, text = '', json }: FamilyMessage): FamilyOutcome {
    if (levels.at(-1) === 'debug') return decodeLog(levels.slice(0, -1).join('/'), text);
    if (levels.at(-1) === 'command') return { reports: [], aside: 'A command to an ESPHome device.' };
    const device = levels.slice(0, -3).join('/');
    const name = levels.at(-2) ?? '';
    if (isPlainObject(json)) return { reports: [{ device, readings: readingsOf({ [name]: json }) }] };
    const { value, quality, unit } = decodeScalar(text);
    return { reports: [{ device, readings: [{ metric: name, value, quality, unit }] }] };
  },
};

function decodeLog(device: string, text: string): FamilyOutcome {
  const [, level = '', source = '', message = ''] = logLine.exec(text.replace(ansi, '')) ?? [];
  return { reports: [{ device, events: [{ name: 'log', data: { level, source, message } }] }] };
}
