/**
 * The body of a Home Assistant discovery message, in one form: abbreviations written out, `~` filled in, a device with
 * several components taken apart. Pure.
 * https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery
 */
import { isPlainObject } from '#contract/formats/json.ts';
import type { DiscoveredPresence } from '../discovered.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** One entity: a thing with a state, a control, or both. */
export interface EntityConfig {
  /** `sensor`, `switch`, … */
  readonly component: string;
  /** Unlike that of any other entity. */
  readonly key: string;
  readonly fields: Fields;
}

/** The keys that are looked at; all else stays as it is. */
const abbreviations: Readonly<Record<string, string>> = {
  avty: 'availability',
  avty_t: 'availability_topic',
  avty_tpl: 'availability_template',
  act_t: 'action_topic',
  act_tpl: 'action_template',
  bri_cmd_t: 'brightness_command_topic',
  bri_cmd_tpl: 'brightness_command_template',
  bri_scl: 'brightness_scale',
  bri_stat_t: 'brightness_state_topic',
  bri_val_tpl: 'brightness_value_template',
  cmd_t: 'command_topic',
  cmd_tpl: 'command_template',
  cmps: 'components',
  curr_hum_t: 'current_humidity_topic',
  curr_hum_tpl: 'current_humidity_template',
  curr_temp_t: 'current_temperature_topic',
  curr_temp_tpl: 'current_temperature_template',
  dev: 'device',
  dev_cla: 'device_class',
  evt_typ: 'event_types',
  hw: 'hw_version',
  ids: 'identifiers',
  mdl: 'model',
  mf: 'manufacturer',
  mode_stat_t: 'mode_state_topic',
  mode_stat_tpl: 'mode_state_template',
  obj_id: 'object_id',
  p: 'platform',
  pct_cmd_t: 'percentage_command_topic',
  pct_cmd_tpl: 'percentage_command_template',
  pct_stat_t: 'percentage_state_topic',
  pct_val_tpl: 'percentage_value_template',
  pl_avail: 'payload_available',
  pl_not_avail: 'payload_not_available',
  pl_off: 'payload_off',
  pl_on: 'payload_on',
  pos_clsd: 'position_closed',
  pos_open: 'position_open',
  pos_t: 'position_topic',
  pos_tpl: 'position_template',
  set_pos_t: 'set_position_topic',
  set_pos_tpl: 'set_position_template',
  spd_rng_max: 'speed_range_max',
  spd_rng_min: 'speed_range_min',
  stat_off: 'state_off',
  stat_on: 'state_on',
  stat_t: 'state_topic',
  stat_val_tpl: 'state_value_template',
  sug_dsp_prc: 'suggested_display_precision',
  sw: 'sw_version',
  t: 'topic',
  temp_cmd_t: 'temperature_command_topic',
  temp_cmd_tpl: 'temperature_command_template',
  temp_stat_t: 'temperature_state_topic',
  temp_stat_tpl: 'temperature_state_template',
  temp_unit: 'temperature_unit',
  pl: 'payload',
  stype: 'subtype',
  json_attr_t: 'json_attributes_topic',
  json_attr_tpl: 'json_attributes_template',
  uniq_id: 'unique_id',
  unit_of_meas: 'unit_of_measurement',
  val_tpl: 'value_template',
};

/** @param levels of the topic behind the discovery prefix: `<component>/[<node>/]<object>/config` */
export function readConfig(levels: readonly string[], json: Fields): EntityConfig[] {
  const [component = ''] = levels;
  const key = levels.slice(0, -1).join('/');
  const root = spellOut(json);
  if (component !== 'device') return [{ component, key, fields: withBase(root) }];
  const { components, ...shared } = root;
  return Object.entries(isPlainObject(components) ? components : {}).flatMap(([name, value]) => {
    if (!isPlainObject(value)) return [];
    const fields: Fields = { ...shared, ...spellOut(value) };
    const platform = fields['platform'];
    return typeof platform === 'string'
      ? [{ component: platform, key: `${key}/${name}`, fields: withBase(fields) }]
      : [];
  });
}

/**
 * Where a template takes the value from: a path into JSON, empty for the payload itself; undefined if it computes.
 * https://www.home-assistant.io/docs/configuration/templating/#processing-incoming-data
 */
export function readTemplate(template: unknown): readonly string[] | undefined {
  if (template === undefined || template === null) return [];
  if (typeof template !== 'string') return undefined;
  const [, path] = plainTemplate.exec(template.trim()) ?? [];
  if (path === undefined) return undefined;
  return [...path.matchAll(pathStep)].map(([, name, quoted, index]) => name ?? quoted ?? index ?? '');
}

/** Where presence is told, and in which words. */
export function availabilityOf(
  fields: Fields,
): (Pick<DiscoveredPresence, 'path' | 'words'> & { readonly topic: string })[] {
  const list = Array.isArray(fields['availability']) ? (fields['availability'] as readonly Fields[]) : [];
  const single = { topic: fields['availability_topic'], value_template: fields['availability_template'] };
  return [...list, single].flatMap((entry) => {
    const { topic, value_template: template } = entry as Fields;
    const path = readTemplate(template);
    if (typeof topic !== 'string' || path === undefined) return [];
    const word = (key: string, otherwise: string): string => {
      const value = (entry as Fields)[key] ?? fields[key];
      return typeof value === 'string' ? value : otherwise;
    };
    const words = new Map([
      [word('payload_available', 'online'), 'online' as const],
      [word('payload_not_available', 'offline'), 'offline' as const],
    ]);
    return [{ topic, path, words }];
  });
}

/** What Home Assistant recognises the device by. */
export function identifierOf({ fields }: EntityConfig): string | undefined {
  const device = isPlainObject(fields['device']) ? fields['device'] : {};
  const { identifiers, connections } = device;
  const first: unknown = Array.isArray(identifiers) ? identifiers[0] : identifiers;
  if (typeof first === 'string' && first !== '') return first;
  const connection: unknown = Array.isArray(connections) ? connections[0] : undefined;
  const address: unknown = Array.isArray(connection) ? connection[1] : undefined;
  return typeof address === 'string' ? address : undefined;
}

/** Filters that change how a value is written, not what it is. */
const plainTemplate =
  /^\{\{-?\s*value(?:_json)?((?:\.\w+|\[['"][^'"\]]+['"]\]|\[\d+\])*)\s*(?:\|\s*(?:float|int|is_defined|default|round|string)(?:\([^()]*\))?\s*)*-?\}\}$/;
const pathStep = /\.(\w+)|\[['"]([^'"\]]+)['"]\]|\[(\d+)\]/g;

function spellOut(fields: Fields): Fields {
  const spelled = Object.entries(fields).map(([key, value]) => {
    const name = Object.hasOwn(abbreviations, key) ? (abbreviations[key] ?? key) : key;
    return [name, name === 'device' && isPlainObject(value) ? spellOut(value) : value] as const;
  });
  return Object.fromEntries(spelled);
}

/** `~` at the beginning or the end of a topic stands for the base topic. */
function withBase(fields: Fields): Fields {
  const base = fields['~'];
  const fill = (value: unknown): unknown => {
    if (typeof base !== 'string' || typeof value !== 'string') return value;
    if (value.startsWith('~')) return base + value.slice(1);
    return value.endsWith('~') ? value.slice(0, -1) + base : value;
  };
  const { availability, ...rest } = fields;
  const filled = Object.entries(rest).map(([key, value]) => [
    key,
    key.endsWith('topic') ? fill(value) : value,
  ]);
  const entries: readonly unknown[] = Array.isArray(availability) ? availability : [availability];
  const spelled = entries.filter(isPlainObject).map((entry) => {
    const own = spellOut(entry);
    return { ...own, topic: fill(own['topic']) };
  });
  return { ...(Object.fromEntries(filled) as Fields), availability: spelled };
}
