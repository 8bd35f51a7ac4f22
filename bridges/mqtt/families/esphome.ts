/**
 * ESPHome: `<prefix>/<component>/<name>/state` with plain text, or JSON for lights; `<prefix>/debug` is its log.
 * https://esphome.io/components/mqtt/
 */
import { decodeScalar } from '#contract/formats/scalar.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import type { Json } from '#contract/event.ts';
import type { FamilyControl } from './control.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import { KnownNames } from './known-names.ts';
import { readingsOf } from './leaves.ts';
import { presenceOf } from './presence.ts';

type Fields = Readonly<Record<string, unknown>>;

const familyName = 'esphome';
const components: ReadonlySet<string> = new Set(
  `alarm_control_panel binary_sensor button climate cover date datetime event fan light lock media_player number select
   sensor switch text text_sensor time update valve`.split(/\s+/),
);
/** Topics below these are somebody else's, even those that their own family does not know. */
const ofOthers: ReadonlySet<string> = new Set([
  'homeassistant',
  'shellies',
  'evcc',
  'zwave',
  'frigate',
  'valetudo',
]);
/** Made of the entity's name. */
const objectId = /^[a-z0-9_-]+$/;
const number = /^-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan)$/i;
const statusOf = 'esphome-status';
const entitiesOfParts = /^(?:climate|cover|fan|valve)$/;
const partUnits: readonly (readonly [part: RegExp, unit: string])[] = [
  [/^(?:current|target)_temperature(?:_low|_high)?$/, 'Cel'],
  [/^(?:position|tilt|(?:current|target)_humidity)$/, '%'],
];
/** The colour codes of a log line. */
// eslint-disable-next-line no-control-regex -- ESC is what the log begins with
const ansi = /\u001B\[[0-9;]*m/g;
const logLine = /^\[([A-Z]+)\]\[([^\]]+)\]:?\s*(.*)$/s;

export const esphome: Family = {
  name: familyName,

  recognises({ levels, text, json, memory }: FamilyMessage): boolean {
    if (text === undefined) return false;
    const last = levels.at(-1);
    // A word as birth and will have it: whose it is, only the other topics of the device can tell.
    if (last === 'status') {
      if (presenceOf(text) !== undefined) memory.of(KnownNames).tell(statusOf, levels.slice(0, -1).join('/'));
      return (
        presenceOf(text) !== undefined && memory.of(KnownNames).has(familyName, levels.slice(0, -1).join('/'))
      );
    }
    if (last === 'debug') return levels.length >= 2 && logLine.test(text.replace(ansi, ''));
    if (isDiscovery(levels)) return isPlainObject(json) && typeof json['mac'] === 'string';
    if (levels.length < 4 || ofOthers.has(levels[0] ?? '')) return false;
    if (last !== 'state' && last !== 'command') return false;
    const isEntity = components.has(levels.at(-3) ?? '') && objectId.test(levels.at(-2) ?? '');
    if (!isEntity && !isPart(levels)) return false;
    return isOwnPrefix(prefixOf(levels), memory) && (last === 'command' || fits(levels, text, json));
  },

  decode({ levels, text = '', json, memory }: FamilyMessage): FamilyOutcome {
    if (isDiscovery(levels)) return { reports: [describe(levels[2] ?? '', json as Fields)] };
    if (levels.at(-1) === 'status')
      return {
        reports: [{ device: levels.slice(0, -1).join('/'), presence: presenceOf(text) }],
      };
    memory.of(KnownNames).tell(familyName, prefixOf(levels).join('/'));
    if (levels.at(-1) === 'debug') return decodeLog(levels.slice(0, -1).join('/'), text);
    if (levels.at(-1) === 'command') return { reports: [], aside: 'A command to an ESPHome device.' };
    if (isPart(levels)) {
      const metric = levels.slice(-3, -1).join('.');
      return { reports: [{ device: levels.slice(0, -4).join('/'), readings: [partReading(metric, text)] }] };
    }
    const device = levels.slice(0, -3).join('/');
    const entity = levels.at(-2) ?? '';
    if (levels.at(-3) === 'event') return { reports: [{ device, events: [eventOf(entity, text, json)] }] };
    const readings = isPlainObject(json) ? readingsOf({ [entity]: json }) : [plainReading(entity, text)];
    const controls = controlsOf(readings, levels);
    return { reports: [{ device, readings, ...(controls.length === 0 ? {} : { controls }) }] };
  },
};

function prefixOf(levels: readonly string[]): readonly string[] {
  return levels.slice(0, levels.at(-1) === 'debug' ? -1 : isPart(levels) ? -4 : -3);
}

/** One level, if nobody chose another; several only where something else speaks for it. */
function isOwnPrefix(prefix: readonly string[], memory: FamilyMessage['memory']): boolean {
  if (prefix.length === 1 || prefix[0]?.toLowerCase() === familyName) return true;
  const names = memory.of(KnownNames);
  return names.has(familyName, prefix.join('/')) || names.has(statusOf, prefix.join('/'));
}

/** ESPHome writes every component's state in one way. */
function fits(levels: readonly string[], text: string, json: unknown): boolean {
  const component = levels.at(-3) ?? '';
  if (component === 'light') return isPlainObject(json) && 'state' in json;
  if (component === 'sensor' || component === 'number') return number.test(text);
  return !/^(?:switch|binary_sensor|fan)$/.test(component) || /^(?:ON|OFF)$/.test(text);
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

/** Of a part of an entity: they are the same on every device. */
function partReading(metric: string, text: string): DecodedReading {
  const reading = plainReading(metric, text);
  const part = metric.split('.').at(-1) ?? '';
  if (typeof reading.value !== 'number') return reading;
  return { ...reading, unit: partUnits.find(([pattern]) => pattern.test(part))?.[1] };
}

/** `esphome/discover/<name>`: who is there. */
function isDiscovery(levels: readonly string[]): boolean {
  return levels.length === 3 && levels[0] === familyName && levels[1] === 'discover';
}

function describe(device: string, json: Fields): FamilyReport {
  const labels: Record<string, string> = {};
  for (const key of ['mac', 'version'] as const) {
    const value = json[key];
    if (typeof value === 'string') labels[key] = value;
  }
  const { board, friendly_name: title } = json;
  const model = typeof board === 'string' ? { model: board } : {};
  return { device, description: { ...model, ...(typeof title === 'string' ? { title } : {}), labels } };
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
