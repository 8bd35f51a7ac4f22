/**
 * Home Assistant discovery: a config message describes a device and names the topics of its values. If those topics
 * are another family's, that family's device gets names, units and classes; if they are nobody's, what is
 * published there from now on is a reading of the device.
 * https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery
 */
import type { Json } from '#contract/event.ts';
import { FormatError, type DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { DiscoveredEntity } from '../discovered.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import {
  availabilityOf,
  identifierOf,
  readConfig,
  readTemplate,
  type EntityConfig,
  type Fields,
} from './homeassistant-config.ts';
import { entityControls, jsonBrightness } from './homeassistant-controls.ts';
import { describeEntity, unitOf } from './homeassistant-describe.ts';
import { readingsOf } from './leaves.ts';

const name = 'homeassistant';

/** Topics of values, where their templates stand, and what their metric is called beside the entity's own. */
const valueTopics: readonly (readonly [topic: string, template: string, metric: string])[] = [
  ['state_topic', 'value_template', ''],
  ['state_topic', 'state_value_template', ''],
  ['topic', 'value_template', ''],
  ['json_attributes_topic', 'json_attributes_template', 'attributes'],
  ['current_temperature_topic', 'current_temperature_template', 'current_temperature'],
  ['current_humidity_topic', 'current_humidity_template', 'current_humidity'],
  ['temperature_state_topic', 'temperature_state_template', 'temperature'],
  ['mode_state_topic', 'mode_state_template', 'mode'],
  ['action_topic', 'action_template', 'action'],
  ['position_topic', 'position_template', 'position'],
  ['percentage_state_topic', 'percentage_value_template', 'percentage'],
  ['brightness_state_topic', 'brightness_value_template', 'brightness'],
];

/** Topics that are values for one component alone: a trigger is what happened, a tracker's attributes say where it is. */
const onlyOf: Readonly<Record<string, string>> = {
  topic: 'device_automation',
  json_attributes_topic: 'device_tracker',
};

export const homeassistantDiscovery: Family = {
  name,

  recognises({ topic, levels, text, json, discovered }: FamilyMessage): boolean {
    if (isConfig(levels)) return text === '' || isPlainObject(json);
    return discovered.knows(topic);
  },

  decode(message: FamilyMessage): FamilyOutcome {
    if (!isConfig(message.levels)) {
      const told = decodeState(message);
      return told.length > 0 ? { reports: told } : { reports: told, aside: 'No trigger that was told of.' };
    }
    const entities = readConfig(message.levels.slice(1), message.json as Fields);
    const reports = entities.flatMap((entity) => reportEntity(entity, message));
    return reports.length > 0
      ? { reports }
      : { reports, aside: 'It names no topic on which a value arrives.' };
  },
};

function isConfig(levels: readonly string[]): boolean {
  const isLong = levels.length === 4 || levels.length === 5;
  return levels[0] === name && isLong && levels.at(-1) === 'config';
}

// ── Config messages ──────────────────────────────────────────────────────────────────────────────────────────────────

interface Named {
  readonly group: string;
  readonly device: string;
  /** In the other family's own words; undefined if nobody else knows the topic. */
  readonly metric?: string | undefined;
  readonly isOthers: boolean;
}

function reportEntity(entity: EntityConfig, message: FamilyMessage): FamilyReport[] {
  const { fields } = entity;
  const values = valueTopics.flatMap(([topicKey, templateKey, suffix]) => {
    const topic = fields[topicKey];
    if (typeof topic !== 'string' || topic === '') return [];
    if (onlyOf[topicKey] !== undefined && onlyOf[topicKey] !== entity.component) return [];
    // A light has its template under another key.
    if (topicKey === 'state_topic' && (templateKey === 'value_template') === 'state_value_template' in fields)
      return [];
    return [{ topic, path: readTemplate(fields[templateKey]), suffix }];
  });
  const reports = values.map(({ topic, path, suffix }): FamilyReport => {
    const named = nameDevice(entity, topic, path, message);
    const isJson = fields['schema'] === 'json' && path?.length === 0;
    const metric = named.metric ?? (isJson ? 'state' : metricOf(entity, path, suffix));
    if (!named.isOthers)
      message.discovered.tellEntity(
        topic,
        `${entity.key}/${suffix}`,
        toEntity(entity, named, metric, { path, suffix }),
      );
    tellAround(entity, named, message);
    const isKnown = !named.isOthers || named.metric !== undefined;
    return {
      group: named.group,
      device: named.device,
      description: describeEntity(entity, isKnown && !isTrigger(entity) ? metric : undefined, path, suffix),
      controls: isKnown
        ? [
            ...entityControls(entity, suffix, metric),
            ...(isJson ? jsonBrightness(entity, metric.replace(/state$/, 'brightness')) : []),
          ]
        : [],
    };
  });
  if (reports.length > 0) return reports;
  // A button has no state: it belongs to the device if that is known from its other entities.
  const known = message.discovered.device(identifierOf(entity) ?? '');
  return known === undefined ? [] : [{ ...known, description: describeEntity(entity, undefined, []) }];
}

/** Whose value is it? First the family whose topic it is, then the config message itself. */
function nameDevice(
  entity: EntityConfig,
  topic: string,
  path: readonly string[] | undefined,
  message: FamilyMessage,
): Named {
  const identifier = identifierOf(entity);
  const examples = examplesOf(path ?? [], entity.fields['schema']).map((example) =>
    message.about(topic, example),
  );
  const other = examples.find((about) => about !== undefined);
  if (other !== undefined && (other.family !== name || identifier === undefined))
    return {
      group: other.group,
      device: other.device,
      metric: path === undefined ? undefined : other.metric,
      isOthers: true,
    };
  return { group: name, device: identifier ?? entity.key.split('/')[1] ?? entity.key, isOthers: false };
}

/** Payloads that the template would read; without a path a family may want text or an object. */
function examplesOf(path: readonly string[], schema: unknown): string[] {
  const state = '{"state":"ON"}';
  if (path.length === 0) return schema === 'json' ? [state] : ['1', 'ON', state];
  return [JSON.stringify(path.reduceRight<unknown>((value, key) => ({ [key]: value }), 1))];
}

function toEntity(
  entity: EntityConfig,
  { group, device }: Named,
  metric: string,
  { path, suffix }: { readonly path: readonly string[] | undefined; readonly suffix: string },
): DiscoveredEntity {
  const { fields, component } = entity;
  const on = fields['state_on'] ?? fields['payload_on'];
  const off = fields['state_off'] ?? fields['payload_off'];
  return {
    group,
    device,
    metric,
    path,
    unit: unitOf(entity, path, suffix),
    isEvent: component === 'event' || isTrigger(entity),
    ...(typeof fields['payload'] === 'string' ? { onlyWhen: fields['payload'] } : {}),
    words: new Map([
      ...(typeof on === 'string' ? [[on, true] as const] : []),
      ...(typeof off === 'string' ? [[off, false] as const] : []),
    ]),
  };
}

/** Who the device is for entities without a state, and where its presence is told. */
function tellAround(entity: EntityConfig, { group, device }: Named, message: FamilyMessage): void {
  const identifier = identifierOf(entity);
  if (identifier !== undefined) message.discovered.tellDevice(identifier, { group, device });
  for (const { topic, path, words } of availabilityOf(entity.fields)) {
    const other = message.about(topic, path.length === 0 ? 'online' : '{"state":"online"}');
    // A bridge's own presence is its family's to tell.
    if (other !== undefined && other.family !== name) continue;
    message.discovered.tellPresence(topic, { group, device, path, words });
  }
}

/** The payload's own name of the value, else the entity's. */
function metricOf(
  { component, key, fields }: EntityConfig,
  path: readonly string[] | undefined,
  suffix: string,
): string {
  const { object_id: objectId, type, subtype } = fields;
  if (isTrigger({ component })) return `${String(type)}.${String(subtype)}`;
  if (path !== undefined && path.length > 0) return path.join('.');
  const own = typeof objectId === 'string' && objectId !== '' ? objectId : (key.split('/').at(-1) ?? key);
  return suffix === '' ? own : `${own}.${suffix}`;
}

function isTrigger({ component }: Pick<EntityConfig, 'component'>): boolean {
  return component === 'device_automation';
}

// ── Messages on the topics that were named ───────────────────────────────────────────────────────────────────────────

function decodeState({ topic, text = '', json, discovered }: FamilyMessage): FamilyReport[] {
  const presence = discovered.presenceAt(topic).flatMap(({ group, device, path, words }): FamilyReport[] => {
    const word = words.get(String(path.length === 0 ? text : valueAt(json, path)));
    return word === undefined ? [] : [{ group, device, presence: word }];
  });
  const entities = discovered.entitiesAt(topic);
  const devices = Map.groupBy(entities, ({ group, device }) => `${group}/${device}`);
  const reports = [...devices.values()].flatMap((own): FamilyReport[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { group, device } = first;
    if (own.every(({ isEvent }) => isEvent)) {
      const meant = own.find((entity) => isMeant(entity, text, json));
      return meant === undefined ? [] : [{ group, device, events: [eventOf(meant, text, json)] }];
    }
    const isShared = devices.size > 1;
    const readings = isPlainObject(json) ? readObject(json, own, isShared) : readPlain(text, own);
    return [{ group, device, readings }];
  });
  if (presence.length + reports.length === 0 && entities.length === 0)
    throw new FormatError('not-a-status', 'That is no word which the discovery message named.');
  return [...presence, ...reports];
}

/** All of an object on a device's own topic; of one that several devices share, what each was told to have. */
function readObject(json: Fields, own: readonly DiscoveredEntity[], isShared: boolean): DecodedReading[] {
  const byPath = new Map(own.map((entity) => [entity.path?.join('.') ?? '', entity] as const));
  return readingsOf(json, { unit: (path) => byPath.get(path.join('.'))?.unit }).flatMap((reading) => {
    const entity = byPath.get(reading.metric);
    if (entity === undefined) return isShared ? [] : [reading];
    return [withWords(reading, entity)];
  });
}

function readPlain(text: string, own: readonly DiscoveredEntity[]): DecodedReading[] {
  return own
    .filter(({ path }) => path === undefined || path.length === 0)
    .map((entity) => {
      const { value, quality, unit = entity.unit } = decodeScalar(text);
      return withWords({ metric: entity.metric, value, quality, unit }, entity, text.trim());
    });
}

function withWords(
  reading: DecodedReading,
  { words }: DiscoveredEntity,
  word: unknown = reading.value,
): DecodedReading {
  const isOn = typeof word === 'string' ? words.get(word) : undefined;
  return isOn === undefined ? reading : { ...reading, value: isOn, quality: 'good' };
}

/** Several triggers may share a topic: each has its own word. */
function isMeant({ onlyWhen, path = [] }: DiscoveredEntity, text: string, json: unknown): boolean {
  return onlyWhen === undefined || onlyWhen === String(path.length === 0 ? text : valueAt(json, path));
}

function eventOf({ metric }: DiscoveredEntity, text: string, json: unknown): FamilyEvent {
  const type = isPlainObject(json) ? json['event_type'] : undefined;
  return { name: typeof type === 'string' ? type : metric, data: (json ?? text) as Json };
}

function valueAt(json: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isPlainObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    json,
  );
}
