/**
 * SenML packs: RFC 8428, in JSON, and in CBOR with its labels as numbers. A base name is the device, a name its
 * metric. Pure.
 */
import type { Quality, Value } from '../reading.ts';
import { toId } from '../names.ts';
import { FormatError, type Decoded, type DecodedReading, type Problem } from './decoded.ts';
import { isBigInteger, isPlainObject, setOwn } from './json.ts';
import { quantityOf, toUcum } from './units.ts';

type Fields = Readonly<Record<string, unknown>>;

/** §4.6: what the base fields of earlier records have left in force. */
interface Base {
  name: string;
  timeSeconds: number;
  unit: string | undefined;
  value: number | undefined;
  sum: number | undefined;
}

interface Measured {
  readonly value: Value;
  readonly quality?: Quality;
}

const newestVersion = 10;
/** §4.5.3: smaller times are relative to now. */
const smallestAbsoluteSeconds = 2 ** 28;
const baseFields: ReadonlySet<string> = new Set(['bn', 'bt', 'bu', 'bv', 'bs', 'bver']);
const valueFields = ['v', 'vs', 'vb', 'vd', 's'] as const;
const numericFields = ['bt', 'bv', 'bs', 'bver', 't', 'v', 's'] as const;
const textFields = ['bn', 'bu', 'n', 'u', 'vs', 'vd'] as const;

/** §6, Table 4. */
const cborLabels: ReadonlyMap<string, string> = new Map([
  ['-1', 'bver'],
  ['-2', 'bn'],
  ['-3', 'bt'],
  ['-4', 'bu'],
  ['-5', 'bv'],
  ['-6', 'bs'],
  ['0', 'n'],
  ['1', 'u'],
  ['2', 'v'],
  ['3', 'vs'],
  ['4', 'vb'],
  ['5', 's'],
  ['6', 't'],
  ['7', 'ut'],
  ['8', 'vd'],
]);

/** A pack as CBOR brought it, with the labels of JSON; anything else stays as it is. */
export function senmlLabels(payload: unknown): unknown {
  if (!Array.isArray(payload)) return payload;
  return (payload as readonly unknown[]).map((record) => {
    if (!isPlainObject(record)) return record;
    const labelled: Record<string, unknown> = {};
    for (const key of Object.keys(record))
      setOwn(labelled, cborLabels.get(key) ?? key, toJsonForm(record[key]));
    return labelled;
  });
}

/** Does this JSON look like a SenML pack rather than an array of our own objects? */
export function isSenmlPack(payload: unknown): payload is readonly Fields[] {
  if (!Array.isArray(payload)) return false;
  const first: unknown = payload[0];
  if (!isPlainObject(first)) return false;
  if (typeof first['bn'] === 'string') return true;
  return typeof first['n'] === 'string' && valueFields.some((field) => field in first);
}

/**
 * Resolves a pack (§4.6) into readings. A sum becomes the metric `<name>.sum`; a record without a name of its own
 * is named after its unit (`%RH` is `humidity`). A resolved time of 0 is "now": the hub stamps it.
 * @param receivedAtUs arrival, for times relative to now; without it such readings are stamped by the hub, `uncertain`
 * @throws {FormatError} not a pack, a version above 10, or a field that must be understood (§4.4) and is not
 */
export function decodeSenml(payload: unknown, receivedAtUs?: number): Decoded {
  if (!Array.isArray(payload) || payload.length === 0)
    throw new FormatError('not-senml', 'A SenML pack is a non-empty array of records.');
  const base: Base = { name: '', timeSeconds: 0, unit: undefined, value: undefined, sum: undefined };
  const readings: DecodedReading[] = [];
  const problems: Problem[] = [];
  const itemEnds: number[] = [];
  for (const [index, record] of (payload as readonly unknown[]).entries()) {
    const found = decodeRecord(record, `/${index}`, base, receivedAtUs);
    if ('code' in found) problems.push(found);
    else readings.push(...found);
    itemEnds.push(readings.length);
  }
  return { readings, problems, itemEnds };
}

function decodeRecord(
  record: unknown,
  path: string,
  base: Base,
  receivedAtUs: number | undefined,
): readonly DecodedReading[] | Problem {
  const problem = checkRecord(record, path);
  if (problem !== undefined) return problem;
  const fields = record as Fields;
  moveBase(base, fields);
  const found = resolve(fields, base, receivedAtUs);
  const isBaseOnly = Object.keys(fields).every((field) => baseFields.has(field));
  if (found.length > 0 || isBaseOnly) return found;
  return { path, code: 'no-value', message: 'The record has neither a value nor a sum.' };
}

/** @throws {FormatError} when the whole pack must be refused */
function checkRecord(record: unknown, path: string): Problem | undefined {
  if (!isPlainObject(record)) return { path, code: 'not-a-record', message: 'A record is a JSON object.' };
  for (const field of Object.keys(record)) {
    if (field.endsWith('_'))
      throw new FormatError('must-understand', `The pack needs ${JSON.stringify(field)} to be understood.`);
  }
  const version = record['bver'];
  if (typeof version === 'number' && version > newestVersion)
    throw new FormatError('senml-version', `The hub reads SenML up to version ${newestVersion}.`);
  for (const field of numericFields) {
    const value = record[field];
    if (value !== undefined && !isNumeric(value))
      return { path: `${path}/${field}`, code: 'wrong-type', message: `\`${field}\` is a finite number.` };
  }
  for (const field of textFields) {
    const value = record[field];
    if (value !== undefined && typeof value !== 'string')
      return { path: `${path}/${field}`, code: 'wrong-type', message: `\`${field}\` is a text.` };
  }
  if (record['vb'] !== undefined && typeof record['vb'] !== 'boolean')
    return { path: `${path}/vb`, code: 'wrong-type', message: '`vb` is true or false.' };
  return undefined;
}

/** An integer beyond 2^53 arrives as its digits. */
function isNumeric(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' && isBigInteger(value);
}

/** §6: data is a byte string in CBOR, base64url in JSON. */
function toJsonForm(value: unknown): unknown {
  return value instanceof Uint8Array ? value.toBase64({ alphabet: 'base64url', omitPadding: true }) : value;
}

function moveBase(base: Base, fields: Fields): void {
  if (typeof fields['bn'] === 'string') base.name = fields['bn'];
  if (typeof fields['bt'] === 'number') base.timeSeconds = fields['bt'];
  if (typeof fields['bu'] === 'string') base.unit = fields['bu'];
  if (typeof fields['bv'] === 'number') base.value = fields['bv'];
  if (typeof fields['bs'] === 'number') base.sum = fields['bs'];
}

function resolve(fields: Fields, base: Base, receivedAtUs: number | undefined): readonly DecodedReading[] {
  const measured = measuredValue(fields, base);
  const sum = total(fields['s'], base.sum, Object.keys(fields));
  if (measured === undefined && sum === undefined) return [];
  const senmlUnit = typeof fields['u'] === 'string' ? fields['u'] : base.unit;
  const device = deviceOf(base.name);
  const metric = metricOf(fields['n'], senmlUnit);
  const unit = senmlUnit === undefined ? undefined : toUcum(senmlUnit);
  const time = resolveTime(fields['t'], base, receivedAtUs);
  const common = { ...(device === undefined ? {} : { device }), ...time };
  const described = unit === undefined ? {} : { unit };
  const readings: DecodedReading[] = [];
  if (measured !== undefined) readings.push({ ...common, metric: toId(metric), ...measured, ...described });
  if (sum !== undefined) readings.push({ ...common, metric: toId(`${metric}.sum`), value: sum });
  return readings;
}

function measuredValue(fields: Fields, base: Base): Measured | undefined {
  if (typeof fields['vs'] === 'string') return { value: fields['vs'] };
  if (typeof fields['vb'] === 'boolean') return { value: fields['vb'] };
  if (typeof fields['vd'] === 'string') return { value: fields['vd'] };
  if (typeof fields['v'] === 'string') return { value: fields['v'], quality: 'uncertain' };
  const value = total(fields['v'], base.value, Object.keys(fields));
  return value === undefined ? undefined : { value };
}

/** §4.5.4: a missing part counts as zero; a record of base fields alone measures nothing. */
function total(own: unknown, base: number | undefined, keys: readonly string[]): number | undefined {
  if (typeof own === 'number') return own + (base ?? 0);
  return base === undefined || keys.every((key) => baseFields.has(key)) ? undefined : base;
}

function deviceOf(baseName: string): string | undefined {
  const name = baseName.replace(/[/:._-]+$/, '');
  return name === '' ? undefined : toId(name);
}

function metricOf(name: unknown, unit: string | undefined): string {
  if (typeof name === 'string' && name !== '') return name.replaceAll('/', '.');
  return (unit === undefined ? undefined : quantityOf(unit)) ?? 'value';
}

function resolveTime(
  own: unknown,
  base: Base,
  receivedAtUs: number | undefined,
): { timeUs?: number; quality?: Quality } {
  const seconds = base.timeSeconds + (typeof own === 'number' ? own : 0);
  if (seconds === 0) return {};
  const timeUs = Math.round(seconds * 1e6);
  if (seconds >= smallestAbsoluteSeconds) {
    return Number.isSafeInteger(timeUs) ? { timeUs } : { quality: 'uncertain' };
  }
  return receivedAtUs === undefined ? { quality: 'uncertain' } : { timeUs: receivedAtUs + timeUs };
}
