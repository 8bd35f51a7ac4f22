/**
 * Our own telemetry, as it comes over MQTT, Socket.IO and HTTP alike: ARCHITECTURE §7. Pure.
 *
 *   { "temperature": 21.5, "power": { "a": 3 } }             one reading per scalar; nested keys are joined by `.`
 *   { "ts": 1780000000000, "values": { "temperature": … } }  with the device's own time, and `tags` if there are any
 *   [ …, … ]                                                 an array of those
 *   [ { "bn": …, "n": …, "v": … }, … ]                       a SenML pack
 *
 * Beside the metrics an object may carry `ts` (epoch ms or RFC 3339), `id` (a text that makes a repeat
 * recognisable: a new one for every object) and `device` (for a gateway, which speaks for many).
 */
import type { Tags } from '../reading.ts';
import { isId, toId } from '../names.ts';
import { FormatError, type Decoded, type DecodedReading, type Problem } from './decoded.ts';
import { flattenJson, isPlainObject, type Leaf } from './json.ts';
import { decodeJsonScalar } from './scalar.ts';
import { decodeSenml, isSenmlPack } from './senml.ts';
import { parseWireTime } from './time.ts';

type Fields = Readonly<Record<string, unknown>>;
/** The keys that are not metrics, and the types which make them so. */
interface Envelope {
  readonly device: string | undefined;
  readonly tags: Tags | undefined;
  readonly timeUs: number | undefined;
  readonly id: string | undefined;
  readonly metrics: Fields;
  /** Keys of `metrics` that are none. */
  readonly except: readonly string[];
  /** JSON Pointer to `metrics`. */
  readonly pointer: string;
}

/** Where a payload's parts are gathered. */
interface Gathered {
  readonly readings: DecodedReading[];
  readonly problems: Problem[];
  readonly itemEnds?: number[];
}

/**
 * Every scalar ends as a reading or as a problem. Several readings of one object with an `id` get ids of their own,
 * `<id>/<metric>`.
 * @param receivedAtUs arrival in µs, for the relative times of SenML
 * @throws {FormatError} neither an object nor an array, or not a SenML pack that we may read
 */
export function decodeTelemetry(payload: unknown, receivedAtUs?: number): Decoded {
  if (isSenmlPack(payload)) return decodeSenml(payload, receivedAtUs);
  const gathered: Gathered = { readings: [], problems: [] };
  if (Array.isArray(payload)) return decodeItems(payload, { ...gathered, itemEnds: [] });
  if (!isPlainObject(payload))
    throw new FormatError('not-telemetry', 'Telemetry is a JSON object, an array of them, or a SenML pack.');
  decodeObject(payload, '', gathered);
  return gathered;
}

function decodeItems(items: readonly unknown[], gathered: Required<Gathered>): Decoded {
  const { readings, problems, itemEnds } = gathered;
  if (items.length === 0) problems.push(problem('', 'empty', 'The array is empty.'));
  for (const [index, item] of items.entries()) {
    const pointer = `/${index}`;
    if (isPlainObject(item)) decodeObject(item, pointer, gathered);
    else problems.push(problem(pointer, 'not-an-object', 'An item is a JSON object.'));
    itemEnds.push(readings.length);
  }
  return gathered;
}

function decodeObject(object: Fields, pointer: string, { readings, problems }: Gathered): void {
  const envelope = openEnvelope(object, pointer);
  if ('code' in envelope) return void problems.push(envelope);
  const leaves = flattenJson(envelope.metrics, envelope.pointer, envelope.except);
  if (leaves.length === 0) problems.push(problem(pointer, 'empty', 'The object holds no values.'));
  for (const leaf of leaves) {
    const decoded = decodeLeaf(leaf, envelope, leaves.length === 1);
    if ('metric' in decoded) readings.push(decoded);
    else problems.push(decoded);
  }
}

/** All fields are written out: what comes by the ten thousand should all have one shape. */
function decodeLeaf(
  leaf: Leaf,
  { device, tags, timeUs, id }: Envelope,
  isOnly: boolean,
): DecodedReading | Problem {
  const scalar = decodeJsonScalar(leaf.value);
  if (scalar === undefined) return problem(leaf.pointer, 'unsupported-value', 'A value is a JSON scalar.');
  const metric = toId(leaf.path);
  const own = id === undefined || isOnly ? id : `${id}/${metric}`;
  return { device, metric, tags, timeUs, value: scalar.value, quality: scalar.quality, id: own };
}

/** The keys beside the metrics, by which of them are there: `ts`, `id`, `device`. */
const envelopeKeys = Array.from({ length: 8 }, (_, there) =>
  ['ts', 'id', 'device'].filter((_key, place) => (there & (1 << place)) !== 0),
);
const noKeys: readonly string[] = [];

function openEnvelope(object: Fields, pointer: string): Envelope | Problem {
  const { ts, id: ownId, device: named, values, tags: told } = object;
  const timeUs = ts === undefined ? undefined : parseWireTime(ts);
  if (ts !== undefined && timeUs === undefined)
    return problem(`${pointer}/ts`, 'invalid-time', '`ts` is epoch ms or an RFC 3339 time with its zone.');
  const hasValues = isPlainObject(values);
  const tags = hasValues && told !== undefined ? parseTags(told) : undefined;
  if (hasValues && told !== undefined && tags === undefined)
    return problem(`${pointer}/tags`, 'invalid-tags', '`tags` is an object of texts with ids as keys.');
  const device = typeof named === 'string' ? toId(named) : undefined;
  const id = typeof ownId === 'string' ? ownId : undefined;
  if (hasValues)
    return { device, tags, timeUs, id, metrics: values, except: noKeys, pointer: `${pointer}/values` };
  const there = (ts === undefined ? 0 : 1) + (id === undefined ? 0 : 2) + (device === undefined ? 0 : 4);
  return { device, tags, timeUs, id, metrics: object, except: envelopeKeys[there] ?? noKeys, pointer };
}

function parseTags(tags: unknown): Tags | undefined {
  if (!isPlainObject(tags)) return undefined;
  const entries = Object.entries(tags);
  if (!entries.every(([key, value]) => isId(key) && typeof value === 'string')) return undefined;
  return Object.fromEntries(entries) as Tags;
}

function problem(path: string, code: string, message: string): Problem {
  return { path, code, message };
}
