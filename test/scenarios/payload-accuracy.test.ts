/**
 * How much of what real devices say comes out right, and how much wrong, judged by what their families' documentation
 * says (`support/payload-oracle.ts`): family by message; device, metric, unit and time by number. Below the goal it fails.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isPlainObject, parseJson, walkJson } from '#contract/formats/json.ts';
import { toId } from '#contract/names.ts';
import type { IncomingReading } from '#ports';
import { families } from '../../bridges/mqtt/families/all.ts';
import { mapToFamily, type MappingContext } from '../../bridges/mqtt/mapping.ts';
import type { Meaning } from '../../bridges/mqtt/meaning.ts';
import { toContext, toMessage } from '../bridges/mqtt/families/decode.ts';
import { oracles, type Oracle, type Said } from './support/payload-oracle.ts';
import { strangers } from './support/payload-strangers.ts';

interface Sample {
  readonly topic: string;
  readonly payload: string;
  readonly encoding: BufferEncoding;
  readonly notes?: string;
}

interface Tally {
  messages: number;
  byTheRightFamily: number;
  numbers: number;
  right: number;
  /** What its descriptions have said so far. */
  readonly units: Map<string, string | undefined>;
  readonly wrong: string[];
  readonly missing: string[];
  readonly misunderstood: string[];
}

/** In percent, of all files; one file alone may hold more of what nobody can know. */
const goals = { messages: 98, right: 99, wrong: 0.3, messagesOfOneFile: 90 } as const;
const folder = join(import.meta.dirname, '../../../shared/payloads');
const isThere = existsSync(folder);
const tallies = new Map<string, Tally>();

afterAll(() => {
  if (tallies.size > 0) console.log([...tallies].map(([file, tally]) => lineOf(file, tally)).join('\n'));
});

describe.skipIf(!isThere)('What real devices say', () => {
  for (const [file, oracle] of Object.entries(oracles))
    test(`${file}: nothing has a wrong device, unit or time, and next to nothing is missing`, () => {
      const tally = tallyOf(file, oracle);
      tallies.set(file, tally);
      expect(tally.wrong).toEqual([]);
      expect(percent(tally.right, tally.numbers), tally.missing.join('\n')).toBeGreaterThanOrEqual(
        goals.right,
      );
      const understood = percent(tally.byTheRightFamily, tally.messages);
      expect(understood, tally.misunderstood.join('\n')).toBeGreaterThanOrEqual(goals.messagesOfOneFile);
    });

  test('all in all the goals are reached', () => {
    const all = [...tallies.values()];
    const sum = (of: (tally: Tally) => number): number => all.reduce((total, tally) => total + of(tally), 0);
    const numbers = sum((tally) => tally.numbers);
    expect(all).toHaveLength(Object.keys(oracles).length);
    expect(numbers).toBeGreaterThan(1000);
    expect(
      percent(
        sum((tally) => tally.byTheRightFamily),
        sum((tally) => tally.messages),
      ),
    ).toBeGreaterThanOrEqual(goals.messages);
    expect(
      percent(
        sum((tally) => tally.right),
        numbers,
      ),
    ).toBeGreaterThanOrEqual(goals.right);
    expect(
      percent(
        sum((tally) => tally.wrong.length),
        numbers,
      ),
    ).toBeLessThanOrEqual(goals.wrong);
  });

  test('nobody takes what is malformed and nobody’s', () => {
    const context = toContext();
    const taken = load('hostile_and_malformed').filter(
      ({ topic, payload, encoding }) =>
        topic.startsWith('sensors/') &&
        understand(topic, Buffer.from(payload, encoding), context) !== undefined,
    );
    expect(taken).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test('200 messages of families that nobody knows are attributed to none', () => {
  const context = toContext();
  const taken = strangers.flatMap(([topic, payload]) => {
    const family = understand(topic, Buffer.from(payload), context)?.decoder;
    return family === undefined ? [] : [`${family}: ${topic} ${payload}`];
  });
  expect(strangers.length).toBeGreaterThanOrEqual(200);
  expect(taken).toEqual([]);
});

function lineOf(file: string, { messages, byTheRightFamily, numbers, right, wrong }: Tally): string {
  const share = `${String(right).padStart(4)} of ${String(numbers).padStart(4)} numbers right, ${wrong.length} wrong`;
  return `${file.padEnd(26)} ${String(byTheRightFamily).padStart(4)} of ${String(messages).padStart(4)} messages, ${share}`;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : (100 * part) / whole;
}

function tallyOf(file: string, oracle: Oracle): Tally {
  const context = toContext();
  const tally: Tally = {
    messages: 0,
    byTheRightFamily: 0,
    numbers: 0,
    right: 0,
    units: new Map(),
    wrong: [],
    missing: [],
    misunderstood: [],
  };
  for (const { topic, payload, encoding } of load(file)) {
    const bytes = Buffer.from(payload, encoding);
    const meaning = understand(topic, bytes, context);
    if (oracle.notTheirs?.test(topic) === true) {
      if (meaning !== undefined) tally.misunderstood.push(`${meaning.decoder}: ${topic}`);
      continue;
    }
    tally.messages += 1;
    if (meaning !== undefined && oracle.by.includes(meaning.decoder)) tally.byTheRightFamily += 1;
    else tally.misunderstood.push(`${meaning?.decoder ?? 'nobody'}: ${topic} ${payload.slice(0, 80)}`);
    judge(topic, file === 'collectd' ? collectdOf(bytes) : jsonOf(bytes), meaning, { oracle, tally });
  }
  return tally;
}

/** `<seconds>:<value>[:<value>]`; JSON is tested by the family. */
function collectdOf(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString().replaceAll('\0', '');
  if (!/^[\d.]+(?::[-\d.e+]+)+$/.test(text)) return undefined;
  const [at, ...values] = text.split(':').map(Number);
  return { at, ...Object.fromEntries(values.map((value, index) => [`value${index}`, value])) };
}

function judge(
  topic: string,
  json: unknown,
  meaning: Meaning | undefined,
  { oracle, tally }: { oracle: Oracle; tally: Tally },
): void {
  const said: Said = { topic, levels: topic.split('/'), json: isPlainObject(json) ? json : {} };
  const left = [...(meaning?.readings ?? [])];
  learnUnits(meaning, tally.units);
  for (const leaf of numbersOf(json)) {
    const where = `${topic} ${leaf.path}`;
    if (oracle.notMeasured?.some(([pattern]) => pattern.test(where)) === true || leaf.path === 'at') continue;
    tally.numbers += 1;
    const at = left.findIndex((reading) => isReadingOf(reading, leaf));
    const [reading] = at < 0 ? [] : left.splice(at, 1);
    if (reading === undefined) {
      tally.missing.push(`${where} = ${String(leaf.value)}`);
      continue;
    }
    const faults = faultsOf(reading, leaf, { oracle, said, unit: tally.units.get(keyOf(reading)) });
    if (faults.length === 0) tally.right += 1;
    else tally.wrong.push(`${where} = ${String(leaf.value)}: ${faults.join(', ')}`);
  }
}

function faultsOf(
  reading: IncomingReading,
  { path, value }: NumberAt,
  { oracle, said, unit }: { oracle: Oracle; said: Said; unit: string | undefined },
): string[] {
  const names = oracle.device(said, path === '' ? [] : path.split('.'));
  const devices = (names === undefined ? [] : typeof names === 'string' ? [names] : names).map(toId);
  const named = oracle.units?.find(([pattern]) =>
    pattern.test(path === '' ? (said.levels.at(-1) ?? '') : path),
  )?.[1];
  const expectedUnit = typeof named === 'function' ? named(said, value) : named;
  const expectedTime = oracle.timeUs?.(said);
  const isTimed = oracle.timeUs !== undefined && said.levels[1] !== 'gateway';
  return [
    ...(devices.length === 0 || devices.includes(reading.device)
      ? []
      : [`device ${reading.device}, not ${devices.join()}`]),
    ...(expectedUnit === undefined || reading.value === null || unit === expectedUnit
      ? []
      : [`unit ${unit}, not ${expectedUnit}`]),
    ...(!isTimed || isNear(reading.timeUs, expectedTime)
      ? []
      : [`time ${reading.timeUs}, not ${expectedTime}`]),
  ];
}

/** The oracle reads milliseconds. */
function isNear(own: number | undefined, expected: number | undefined): boolean {
  if (own === undefined || expected === undefined) return own === expected;
  return Math.abs(own - expected) < 1000;
}

/** The reading has the leaf's own path as its name, without what wraps the message or with what its topic says. */
function isReadingOf({ metric, value }: IncomingReading, { path, value: number }: NumberAt): boolean {
  if (value !== number && value !== null && value !== Boolean(number)) return false;
  if (path === '' || /^value\d$/.test(path) || metric.endsWith(`.${path}`)) return true;
  const parts = path.split('.');
  // How the best gateway heard an uplink is the device's own `rssi` and `snr`.
  const isRadio = parts[0] === 'rxInfo' && parts.at(-1) === metric;
  return isRadio || parts.some((_, index) => toId(parts.slice(index).join('.')) === metric);
}

function learnUnits(meaning: Meaning | undefined, units: Map<string, string | undefined>): void {
  for (const { device, description } of meaning?.descriptions ?? [])
    for (const { metric, unit } of description.metrics ?? [])
      if (unit !== undefined) units.set(keyOf({ device, metric }), unit);
}

function keyOf({ device, metric }: Pick<IncomingReading, 'device' | 'metric'>): string {
  return `${device} ${metric}`;
}

interface NumberAt {
  /** Keys joined by `.`. */
  readonly path: string;
  readonly value: number;
}

function numbersOf(json: unknown): readonly NumberAt[] {
  const numbers: NumberAt[] = [];
  walkJson(json, (path, value) => {
    if (typeof value === 'number') numbers.push({ path: path.join('.'), value });
  });
  return numbers;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return parseJson(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

/** What cannot be read is a matter of quarantine, which another scenario looks at. */
function understand(topic: string, payload: Uint8Array, context: MappingContext): Meaning | undefined {
  try {
    return mapToFamily(toMessage(topic, payload, { sender: { device: 'sender' } }), families, context);
  } catch {
    return undefined;
  }
}

function load(file: string): readonly Sample[] {
  const samples = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as readonly Sample[];
  return samples.filter(({ notes = '' }) => !notes.startsWith('COMMAND'));
}
