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
import { isPlainObject, pointerTo, walkJson } from './json.ts';
import { decodeJsonScalar, type Scalar } from './scalar.ts';
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
  /** Of the object that holds them, in an array. */
  readonly item: number | undefined;
  /** They are its `values`. */
  readonly isInValues: boolean;
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
  decodeObject(payload, undefined, gathered);
  return gathered;
}

function decodeItems(items: readonly unknown[], gathered: Required<Gathered>): Decoded {
  const { readings, problems, itemEnds } = gathered;
  if (items.length === 0) problems.push(problem('', 'empty', 'The array is empty.'));
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (isPlainObject(item)) decodeObject(item, index, gathered);
    else problems.push(problem(`/${index}`, 'not-an-object', 'An item is a JSON object.'));
    itemEnds.push(readings.length);
  }
  return gathered;
}

function decodeObject(object: Fields, item: number | undefined, { readings, problems }: Gathered): void {
  const envelope = openEnvelope(object, item);
  if ('code' in envelope) return void problems.push(envelope);
  const { metrics, except, id } = envelope;
  const hasSeveral = id !== undefined && leavesOf(envelope) > 1;
  const before = readings.length + problems.length;
  walkJson(
    metrics,
    (path, leaf) => {
      const scalar = decodeJsonScalar(leaf);
      if (scalar === undefined)
        problems.push(problem(pointerOf(envelope, path), 'unsupported-value', 'A value is a JSON scalar.'));
      else readings.push(readingOf(path, scalar, envelope, hasSeveral));
    },
    except,
  );
  if (readings.length + problems.length === before)
    problems.push(problem(itemPointer(item), 'empty', 'The object holds no values.'));
}

function leavesOf({ metrics, except }: Envelope): number {
  let count = 0;
  walkJson(metrics, () => (count += 1), except);
  return count;
}

/** All fields are written out: what comes by the ten thousand should all have one shape. */
function readingOf(
  path: readonly string[],
  { value, quality }: Scalar,
  { device, tags, timeUs, id }: Envelope,
  hasSeveral: boolean,
): DecodedReading {
  const [key = ''] = path;
  const metric = toId(path.length === 1 ? key : path.join('.'));
  return { device, metric, tags, timeUs, value, quality, id: hasSeveral ? `${id}/${metric}` : id };
}

function itemPointer(item: number | undefined): string {
  return item === undefined ? '' : `/${item}`;
}

/** Made for problems only: most objects have none. */
function pointerOf({ item, isInValues }: Envelope, path: readonly string[]): string {
  return pointerTo(isInValues ? `${itemPointer(item)}/values` : itemPointer(item), path);
}

/** The keys beside the metrics, by which of them are there: `ts`, `id`, `device`. */
const envelopeKeys = Array.from({ length: 8 }, (_, there) =>
  ['ts', 'id', 'device'].filter((_key, place) => (there & (1 << place)) !== 0),
);
const noKeys: readonly string[] = [];

function openEnvelope(object: Fields, item: number | undefined): Envelope | Problem {
  const { ts, id: ownId, device: named, values, tags: told } = object;
  const timeUs = ts === undefined ? undefined : parseWireTime(ts);
  if (ts !== undefined && timeUs === undefined) {
    const message = '`ts` is epoch ms or an RFC 3339 time with its zone.';
    return problem(`${itemPointer(item)}/ts`, 'invalid-time', message);
  }
  const isInValues = isPlainObject(values);
  const tags = isInValues && told !== undefined ? parseTags(told) : undefined;
  if (isInValues && told !== undefined && tags === undefined) {
    const message = '`tags` is an object of texts with ids as keys.';
    return problem(`${itemPointer(item)}/tags`, 'invalid-tags', message);
  }
  const device = typeof named === 'string' ? toId(named) : undefined;
  const id = typeof ownId === 'string' ? ownId : undefined;
  if (isInValues) return { device, tags, timeUs, id, metrics: values, except: noKeys, item, isInValues };
  const there = (ts === undefined ? 0 : 1) + (id === undefined ? 0 : 2) + (device === undefined ? 0 : 4);
  const except = envelopeKeys[there] ?? noKeys;
  return { device, tags, timeUs, id, metrics: object, except, item, isInValues };
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
