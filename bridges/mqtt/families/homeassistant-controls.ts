/**
 * What a Home Assistant discovery message says that a device can be told: command topics, their words and ranges.
 * https://www.home-assistant.io/integrations/switch.mqtt/ (and light, number, fan, cover, climate, humidifier, siren)
 */
import { toUcum } from '#contract/formats/units.ts';
import type { Value } from '#contract/reading.ts';
import type { FamilyControl } from './control.ts';
import { readTemplate, type EntityConfig, type Fields } from './homeassistant-config.ts';

interface Range {
  readonly min: number;
  readonly max: number;
  readonly step?: number | undefined;
}

interface Slider {
  readonly component: RegExp;
  /** Which of the entity's values shows it: the suffix of its metric, empty for the state itself. */
  readonly suffix: string;
  readonly topic: string;
  readonly template: string;
  readonly range: (fields: Fields) => Range;
}

const switches = /^(?:switch|light|fan|humidifier|siren|input_boolean)$/;
const sliders: readonly Slider[] = [
  {
    component: /^number$/,
    suffix: '',
    topic: 'command_topic',
    template: 'command_template',
    range: (fields) => rangeOf(fields, ['min', 1], ['max', 100], ['step', 1]),
  },
  {
    component: /^light$/,
    suffix: 'brightness',
    topic: 'brightness_command_topic',
    template: 'brightness_command_template',
    range: (fields) => rangeOf(fields, ['', 0], ['brightness_scale', 255], ['', 1]),
  },
  {
    component: /^fan$/,
    suffix: 'percentage',
    topic: 'percentage_command_topic',
    template: 'percentage_command_template',
    range: (fields) => rangeOf(fields, ['', 0], ['speed_range_max', 100], ['', 1]),
  },
  {
    component: /^cover$/,
    suffix: 'position',
    topic: 'set_position_topic',
    template: 'set_position_template',
    range: (fields) => rangeOf(fields, ['position_closed', 0], ['position_open', 100], ['', 1]),
  },
  {
    component: /^climate$/,
    suffix: 'temperature',
    topic: 'temperature_command_topic',
    template: 'temperature_command_template',
    range: (fields) => rangeOf(fields, ['min_temp', 7], ['max_temp', 35], ['temp_step', 1]),
  },
];

/**
 * @param suffix of the value among the entity's, empty for its state
 * @param metric the device's own name of that value: it shows that the command was carried out
 */
export function entityControls(entity: EntityConfig, suffix: string, metric: string): FamilyControl[] {
  const { component, fields } = entity;
  const title = fields['name'];
  const common = { name: metric, metric, ...(typeof title === 'string' ? { title } : {}) };
  if (suffix === '' && switches.test(component) && typeof fields['command_topic'] === 'string')
    return [{ ...common, kind: 'switch', tell: switchWords(fields, fields['command_topic']) }];
  return sliders.flatMap((slider): FamilyControl[] => {
    const topic = fields[slider.topic];
    if (!slider.component.test(component) || slider.suffix !== suffix || typeof topic !== 'string') return [];
    // A template that computes cannot be filled in here.
    if (readTemplate(fields[slider.template])?.length !== 0) return [];
    const unit =
      typeof fields['unit_of_measurement'] === 'string' ? toUcum(fields['unit_of_measurement']) : undefined;
    const tell: FamilyControl['tell'] = (wanted) => ({ topic, payload: String(wanted) });
    return [
      { ...common, kind: 'slider', ...slider.range(fields), ...(unit === undefined ? {} : { unit }), tell },
    ];
  });
}

/** A light with the JSON schema has its brightness in the same payload as its state. */
export function jsonBrightness({ component, fields }: EntityConfig, metric: string): FamilyControl[] {
  const topic = fields['command_topic'];
  if (component !== 'light' || fields['schema'] !== 'json' || fields['brightness'] !== true) return [];
  if (typeof topic !== 'string') return [];
  const tell = (wanted: Value) => ({ topic, payload: JSON.stringify({ state: 'ON', brightness: wanted }) });
  const range = rangeOf(fields, ['', 0], ['brightness_scale', 255], ['', 1]);
  return [{ name: metric, metric, kind: 'slider', ...range, tell }];
}

function switchWords(fields: Fields, topic: string): FamilyControl['tell'] {
  const word = (key: string, otherwise: string): string => {
    const value = fields[key];
    const text = typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : otherwise;
    return fields['schema'] === 'json' ? JSON.stringify({ state: text }) : text;
  };
  return (wanted) => ({
    topic,
    payload: wanted === true ? word('payload_on', 'ON') : word('payload_off', 'OFF'),
  });
}

type Bound = readonly [key: string, otherwise: number];

function rangeOf(fields: Fields, min: Bound, max: Bound, step: Bound): Range {
  const of = ([key, otherwise]: Bound): number => {
    const value = fields[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
  };
  const [low, high] = [of(min), of(max)].toSorted((a, b) => a - b) as [number, number];
  const width = of(step);
  return { min: low, max: high, ...(width > 0 ? { step: width } : {}) };
}
