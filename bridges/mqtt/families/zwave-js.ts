/**
 * Z-Wave JS UI: `zwave/[<location>/]<node>/<command class>/endpoint_<n>/<property>[/<key>]`, or with numbers
 * `zwave/nodeID_<id> or <node>/<class>/<endpoint>/<property>`; the payload is the value, `{time, value}`, or all about it.
 * https://zwave-js.github.io/zwave-js-ui/#/guide/mqtt
 */
import type { Json } from '#contract/event.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import { parseTime } from '#contract/formats/time.ts';
import { toUcum } from '#contract/formats/units.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { inGroup, LearnedBases, type Based } from './learned-bases.ts';
import { readingsOf } from './leaves.ts';

const base = 'zwave';
const endpoint = /^endpoint_\d+$/;
const node = /^nodeID_\d+$/;
const number = /^\d+$/;
/** 0x20 to 0x9f: application classes of the specification. */
const commandClasses = /^(?:3[2-9]|[4-9]\d|1[0-5]\d)$/;
/** Topics of a node as a whole, behind its name. */
const ofNode = /^(?:status|nodeinfo|lastActive|statistics)$/;
/** Command classes whose values are what somebody did. */
const eventClasses: ReadonlySet<string | undefined> = new Set([
  'central_scene',
  '91',
  'entry_control',
  '111',
]);
/** `meter/…/value/<key>`: the key is the kind of meter, its scale and its direction, a byte each. */
const electricScales: Readonly<Record<number, string>> = {
  0: 'kW.h',
  1: 'kV.A.h',
  2: 'W',
  4: 'V',
  5: 'A',
  6: '1',
};

interface Place {
  readonly device: string;
  /** Command class, endpoint, property. */
  readonly path: readonly string[];
}

export const zwaveJs: Family = {
  name: base,

  recognises({ levels: all, text, json, memory }: FamilyMessage): boolean {
    if (all.length < 3 || text === undefined) return false;
    if (isOfGateway(all)) return true;
    const levels = atBase(memory.of(LearnedBases).split(base, base, all));
    if (levels === undefined || levels.length < 3) return false;
    const last = levels.at(-1) ?? '';
    if (ofNode.test(last)) return isPlainObject(json) || (last === 'status' && /^(?:true|false)$/.test(text));
    return placeOf(levels) !== undefined;
  },

  decode({ levels: all, text = '', json, memory }: FamilyMessage): FamilyOutcome {
    const bases = memory.of(LearnedBases);
    if (all[0] !== base && isOfGateway(all)) bases.tell(base, all.slice(0, baseEnd(all)).join('/'));
    const place = bases.split(base, base, all);
    return inGroup(decodeAt(atBase(place) ?? all, text, json), place?.group);
  },
};

/** `<base>/_CLIENTS/ZWAVE_GATEWAY-<name>/…`, retained: nothing else is called so. */
function isOfGateway(levels: readonly string[]): boolean {
  const at = baseEnd(levels);
  return at > 0 && (levels[at + 1] ?? '').startsWith('ZWAVE_GATEWAY-');
}

function baseEnd(levels: readonly string[]): number {
  return levels.findIndex((level) => level === '_CLIENTS' || level === '_EVENTS');
}

/** As if the base were the default. */
function atBase(place: Based | undefined): readonly string[] | undefined {
  return place === undefined ? undefined : [base, ...place.rest];
}

function decodeAt(levels: readonly string[], text: string, json: unknown): FamilyOutcome {
  if (levels[1] === '_CLIENTS') return decodeClient(levels, text, json);
  if (levels[1] === '_EVENTS') {
    const [, , device = '', ...name] = levels;
    return { reports: [{ device, events: [{ name: name.join('.'), data: (json ?? text) as Json }] }] };
  }
  const last = levels.at(-1) ?? '';
  if (ofNode.test(last)) return decodeNode(levels.slice(1, -1).join('/'), last, json ?? text);
  const place = placeOf(levels);
  if (place === undefined || last === 'set') return { reports: [], aside: 'A command to a Z-Wave device.' };
  return decodeValue(place, text, json);
}

function placeOf(levels: readonly string[]): Place | undefined {
  const named = levels.findIndex((level) => endpoint.test(level));
  if (named >= 3 && levels.length > named + 1)
    return { device: levels.slice(1, named - 1).join('/'), path: levels.slice(named - 1) };
  // With numbers the node may still have its name: the class tells where that ends.
  const numbered = levels.findIndex((level) => node.test(level));
  const isClass = (level: string, index: number): boolean =>
    index >= 2 && commandClasses.test(level) && number.test(levels[index + 1] ?? '');
  const at = numbered >= 0 ? numbered : levels.findIndex(isClass) - 1;
  const [commandClass = '', channel = '', ...property] = levels.slice(at + 1);
  if (at < 1 || property.length === 0 || !number.test(commandClass) || !number.test(channel))
    return undefined;
  return { device: levels.slice(1, at + 1).join('/'), path: levels.slice(at + 1) };
}

function decodeClient(levels: readonly string[], text: string, json: unknown): FamilyOutcome {
  const [, , device = '', kind = ''] = levels;
  const fields = isPlainObject(json) ? json : {};
  const value = fields['value'] ?? json ?? text;
  if (kind === 'status' && typeof value === 'boolean')
    return { reports: [{ device, presence: value ? 'online' : 'offline' }] };
  if (kind === 'version' && typeof value === 'string')
    return { reports: [{ device, description: { labels: { version: value } } }] };
  return { reports: [], aside: 'A call of the Z-Wave gateway, or the answer to one.' };
}

function decodeNode(device: string, kind: string, value: unknown): FamilyOutcome {
  if (kind === 'status') {
    const fields = isPlainObject(value) ? value : { value };
    const isDead = fields['status'] === 'Dead' || fields['value'] === false || fields['value'] === 'false';
    return { reports: [{ device, presence: isDead ? 'offline' : 'online' }] };
  }
  if (kind === 'statistics') return { reports: [{ device, readings: readingsOf({ statistics: value }) }] };
  if (kind !== 'nodeinfo' || !isPlainObject(value))
    return { reports: [], aside: 'When a Z-Wave node was last heard: not a value of it.' };
  const { manufacturer, productDescription: model, productLabel: label, name: title } = value;
  const description = {
    ...(typeof title === 'string' && title !== '' ? { title } : {}),
    ...(typeof model === 'string' ? { model } : typeof label === 'string' ? { model: label } : {}),
    ...(typeof manufacturer === 'string' ? { labels: { manufacturer } } : {}),
  };
  return { reports: [{ device, description }] };
}

function decodeValue({ device, path }: Place, text: string, json: unknown): FamilyOutcome {
  const isWrapped = isPlainObject(json) && 'value' in json;
  const fields: Readonly<Record<string, unknown>> = isWrapped ? json : { value: json ?? text };
  const { value, unit: told } = fields;
  const timeUs = parseTime(fields['time'] ?? fields['lastUpdate']);
  if (eventClasses.has(path[0])) {
    // A scene that has ended is written as no value.
    if (value === null || value === undefined) return { reports: [], aside: 'No scene any more.' };
    const name = path.slice(2).join('.');
    return { reports: [{ device, events: [{ name, timeUs, data: value as Json }] }] };
  }
  const metric = path.join('.');
  const unit = typeof told === 'string' ? toUcum(told) : unitOf(path);
  const rules = { timeUs, unit: (): string | undefined => unit };
  if (isWrapped || json !== undefined)
    return { reports: [{ device, readings: readingsOf({ [metric]: value }, rules) }] };
  const { value: plain, quality } = decodeScalar(text);
  const reading: DecodedReading = { metric, value: plain, quality };
  return { reports: [{ device, readings: [reading] }] };
}

/** What command classes say without the value's own description. */
function unitOf([commandClass, , property = '', key = '']: readonly string[]): string | undefined {
  if ((commandClass === 'battery' || commandClass === '128') && property === 'level') return '%';
  if ((commandClass !== 'meter' && commandClass !== '50') || property !== 'value' || !number.test(key))
    return undefined;
  const [kind, scale] = [Number(key) >> 16, (Number(key) >> 8) & 0xff];
  return kind === 1 ? electricScales[scale] : undefined;
}
