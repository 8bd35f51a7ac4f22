/**
 * ESPHome: `<prefix>/<component>/<name>/state` with plain text, or JSON for lights; `<prefix>/debug` is its log.
 * https://esphome.io/components/mqtt/
 */
import { decodeScalar } from '#contract/formats/scalar.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import type { Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import type { FamilyControl } from './control.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { presenceOf } from './presence.ts';

const components: ReadonlySet<string> = new Set(
  `alarm_control_panel binary_sensor button climate cover date datetime event fan light lock media_player number select
   sensor switch text text_sensor time update valve`.split(/\s+/),
);
const entitiesOfParts = /^(?:climate|cover|fan|valve)$/;
/** The colour codes of a log line. */
// eslint-disable-next-line no-control-regex -- ESC is what the log begins with
const ansi = /\u001B\[[0-9;]*m/g;
const logLine = /^\[([A-Z]+)\]\[([^\]]+)\]:?\s*(.*)$/s;

export const esphome: Family = {
  name: 'esphome',

  recognises({ levels, text, memory }: FamilyMessage): boolean {
    if (text === undefined) return false;
    const last = levels.at(-1);
    // A word as birth and will have it: whose it is, only the other topics of the device can tell.
    if (last === 'status')
      return presenceOf(text) !== undefined && memory.of(Prefixes).has(levels.slice(0, -1));
    if (last === 'debug') return levels.length >= 2 && logLine.test(text.replace(ansi, ''));
    if (levels.length < 4 || levels[0] === 'homeassistant') return false;
    if (last !== 'state' && last !== 'command') return false;
    return components.has(levels.at(-3) ?? '') || isPart(levels);
  },

  decode({ levels, text = '', json, memory }: FamilyMessage): FamilyOutcome {
    if (levels.at(-1) === 'status')
      return {
        reports: [{ device: levels.slice(0, -1).join('/'), presence: presenceOf(text) }],
      };
    memory.of(Prefixes).tell(prefixOf(levels));
    if (levels.at(-1) === 'debug') return decodeLog(levels.slice(0, -1).join('/'), text);
    if (levels.at(-1) === 'command') return { reports: [], aside: 'A command to an ESPHome device.' };
    if (isPart(levels)) {
      const metric = levels.slice(-3, -1).join('.');
      return { reports: [{ device: levels.slice(0, -4).join('/'), readings: [plainReading(metric, text)] }] };
    }
    const device = levels.slice(0, -3).join('/');
    const name = levels.at(-2) ?? '';
    if (levels.at(-3) === 'event') return { reports: [{ device, events: [eventOf(name, text, json)] }] };
    const readings = isPlainObject(json) ? readingsOf({ [name]: json }) : [plainReading(name, text)];
    const controls = controlsOf(readings, levels);
    return { reports: [{ device, readings, ...(controls.length === 0 ? {} : { controls }) }] };
  },
};

function prefixOf(levels: readonly string[]): readonly string[] {
  return levels.slice(0, levels.at(-1) === 'debug' ? -1 : isPart(levels) ? -4 : -3);
}

/** Topic prefixes of devices that have shown themselves. Bounded: who was first heard longest ago is forgotten first. */
class Prefixes {
  readonly #known = new Set<string>();

  has(prefix: readonly string[]): boolean {
    return this.#known.has(prefix.join('/'));
  }

  tell(prefix: readonly string[]): void {
    const name = prefix.join('/');
    if (this.#known.has(name)) return;
    const [oldest] = this.#known;
    if (this.#known.size >= limits.devicesPerGroup && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(name);
  }
}

/** Event entities say `{"event_type": …}`. */
function eventOf(name: string, text: string, json: unknown): FamilyEvent {
  return { name, data: (json ?? text) as Json };
}

/** Some entities have several values: `<prefix>/climate/<name>/current_temperature/state`. */
function isPart(levels: readonly string[]): boolean {
  return (
    levels.length >= 5 && entitiesOfParts.test(levels.at(-4) ?? '') && !components.has(levels.at(-3) ?? '')
  );
}

function plainReading(metric: string, text: string): DecodedReading {
  const { value, quality, unit } = decodeScalar(text);
  return { metric, value, quality, unit };
}

/** What is on or off and is no sensor is told on its `command` topic; a light takes JSON there. */
function controlsOf(readings: readonly DecodedReading[], levels: readonly string[]): FamilyControl[] {
  const component = levels.at(-3) ?? '';
  const name = levels.at(-2) ?? '';
  const topic = [...levels.slice(0, -1), 'command'].join('/');
  if (component === 'switch' || component === 'fan')
    return readings
      .filter(({ metric, value }) => metric === name && typeof value === 'boolean')
      .map(({ metric }) => ({
        name: metric,
        metric,
        kind: 'switch',
        tell: (wanted) => ({ topic, payload: wanted === true ? 'ON' : 'OFF' }),
      }));
  if (component !== 'light') return [];
  return readings.flatMap(({ metric, value }): FamilyControl[] => {
    const common = { name: metric, metric };
    if (metric === `${name}.state` && typeof value === 'boolean')
      return [
        {
          ...common,
          kind: 'switch',
          tell: (wanted) => ({ topic, payload: JSON.stringify({ state: wanted === true ? 'ON' : 'OFF' }) }),
        },
      ];
    if (metric !== `${name}.brightness` || typeof value !== 'number') return [];
    return [
      {
        ...common,
        kind: 'slider',
        min: 0,
        max: 255,
        step: 1,
        tell: (wanted) => ({ topic, payload: JSON.stringify({ state: 'ON', brightness: wanted }) }),
      },
    ];
  });
}

function decodeLog(device: string, text: string): FamilyOutcome {
  const [, level = '', source = '', message = ''] = logLine.exec(text.replace(ansi, '')) ?? [];
  return { reports: [{ device, events: [{ name: 'log', data: { level, source, message } }] }] };
}
