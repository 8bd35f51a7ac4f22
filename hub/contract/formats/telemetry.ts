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
type Common = Pick<DecodedReading, 'device' | 'tags' | 'timeUs'>;

/** The keys that are not metrics, and the types which make them so. */
interface Envelope {
  readonly common: Common;
  readonly id: string | undefined;
  readonly metrics: Fields;
  /** JSON Pointer to `metrics`. */
  readonly pointer: string;
}

/**
 * Every scalar ends as a reading or as a problem. Several readings of one object with an `id` get ids of their own,
 * `<id>/<metric>`.
 * @param receivedAtUs arrival in µs, for the relative times of SenML
 * @throws {FormatError} neither an object nor an array, or not a SenML pack that we may read
 */
export function decodeTelemetry(payload: unknown, receivedAtUs?: number): Decoded {
  if (isSenmlPack(payload)) return decodeSenml(payload, receivedAtUs);
  if (isPlainObject(payload)) return decodeObject(payload, '');
  if (!Array.isArray(payload))
    throw new FormatError('not-telemetry', 'Telemetry is a JSON object, an array of them, or a SenML pack.');
  const parts = (payload as readonly unknown[]).map((item, index) =>
    isPlainObject(item)
      ? decodeObject(item, `/${index}`)
      : refused(`/${index}`, 'not-an-object', 'An item is a JSON object.'),
  );
  if (parts.length === 0) return refused('', 'empty', 'The array is empty.');
  return {
    readings: parts.flatMap((part) => part.readings),
    problems: parts.flatMap((part) => part.problems),
  };
}

function decodeObject(object: Fields, pointer: string): Decoded {
  const envelope = openEnvelope(object, pointer);
  if ('code' in envelope) return { readings: [], problems: [envelope] };
  const leaves = flattenJson(envelope.metrics, envelope.pointer);
  if (leaves.length === 0) return refused(pointer, 'empty', 'The object holds no values.');
  const isOnly = leaves.length === 1;
  const results = leaves.map((leaf) => decodeLeaf(leaf, envelope, isOnly));
  return {
    readings: results.filter((result) => 'metric' in result),
    problems: results.filter((result) => 'code' in result),
  };
}

function decodeLeaf(leaf: Leaf, { common, id }: Envelope, isOnly: boolean): DecodedReading | Problem {
  const scalar = decodeJsonScalar(leaf.value);
  if (scalar === undefined)
    return { path: leaf.pointer, code: 'unsupported-value', message: 'A value is a JSON scalar.' };
  const metric = toId(leaf.path);
  const own = id === undefined ? {} : { id: isOnly ? id : `${id}/${metric}` };
  return { ...common, metric, value: scalar.value, quality: scalar.quality, ...own };
}

function openEnvelope(object: Fields, pointer: string): Envelope | Problem {
  const { ts, id, device, values, tags } = object;
  const timeUs = ts === undefined ? undefined : parseWireTime(ts);
  if (ts !== undefined && timeUs === undefined)
    return problemAt(pointer, 'ts', 'invalid-time', '`ts` is epoch ms or an RFC 3339 time with its zone.');
  const hasValues = isPlainObject(values);
  const parsedTags = hasValues && tags !== undefined ? parseTags(tags) : undefined;
  if (hasValues && tags !== undefined && parsedTags === undefined)
    return problemAt(pointer, 'tags', 'invalid-tags', '`tags` is an object of texts with ids as keys.');
  const common: Common = {
    ...(timeUs === undefined ? {} : { timeUs }),
    ...(typeof device === 'string' ? { device: toId(device) } : {}),
    ...(parsedTags === undefined ? {} : { tags: parsedTags }),
  };
  const ownId = typeof id === 'string' ? id : undefined;
  if (hasValues) return { common, id: ownId, metrics: values, pointer: `${pointer}/values` };
  const taken = new Set(['ts', ...(ownId === undefined ? [] : ['id'])]);
  if (typeof device === 'string') taken.add('device');
  const metrics = Object.fromEntries(Object.entries(object).filter(([key]) => !taken.has(key)));
  return { common, id: ownId, metrics, pointer };
}

function parseTags(tags: unknown): Tags | undefined {
  if (!isPlainObject(tags)) return undefined;
  const entries = Object.entries(tags);
  if (!entries.every(([key, value]) => isId(key) && typeof value === 'string')) return undefined;
  return Object.fromEntries(entries) as Tags;
}

function problemAt(pointer: string, key: string, code: string, message: string): Problem {
  return { path: `${pointer}/${key}`, code, message };
}

function refused(path: string, code: string, message: string): Decoded {
  return { readings: [], problems: [{ path, code, message }] };
}
