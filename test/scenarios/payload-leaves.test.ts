/**
 * How much of what real devices measure comes out: every number in every JSON sample beside the repository, counted by
 * family, is either a reading under its own name with its own value, or it is listed here as no measurement, with why.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { flattenJson, parseJson, type Leaf } from '#contract/formats/json.ts';
import { toId } from '#contract/names.ts';
import type { IncomingReading } from '#ports';
import { Discovered } from '../../bridges/mqtt/discovered.ts';
import { families } from '../../bridges/mqtt/families/all.ts';
import { FamilyMemory } from '../../bridges/mqtt/family-memory.ts';
import { LocalTime } from '../../bridges/mqtt/local-time.ts';
import { mapToFamily, type MappingContext } from '../../bridges/mqtt/mapping.ts';
import type { Meaning } from '../../bridges/mqtt/meaning.ts';
import { toMessage } from '../bridges/mqtt/families/decode.ts';

interface Sample {
  readonly topic: string;
  readonly payload: string;
  readonly encoding: BufferEncoding;
  readonly notes?: string;
}

interface Expectation {
  /** The names of families that may take these samples. */
  readonly by: readonly string[];
  /** Of the numbers that are measurements, in percent; it holds today and must not fall. */
  readonly floor: number;
  /** `topic path` of numbers that measure nothing. */
  readonly notMeasured?: readonly (readonly [pattern: RegExp, why: string])[];
}

const folder = join(import.meta.dirname, '../../../shared/payloads');
const isThere = existsSync(folder);

const expectations: Readonly<Record<string, Expectation>> = {
  chirpstack: {
    by: ['chirpstack'],
    floor: 99,
    notMeasured: [
      [/\/command\/down /, 'sent to the device'],
      [/\/event\/(?:join|ack|txack|log|integration) /, 'told as events'],
      [/ (?:rxInfo\.\d+\.(?:uplinkId|channel|rfChain|board|antenna)|txInfo)/, 'how it was sent'],
      [/ rxInfo\.\d+\.location\./, 'where the gateway stands'],
      [/ rxInfo\.[1-9]/, 'of gateways that heard less well'],
    ],
  },
  esphome: { by: ['esphome', 'homeassistant'], floor: 99 },
  generic_single_value: {
    by: ['zigbee2mqtt', 'shelly'],
    floor: 99,
    notMeasured: [[/^(?:dht|sensor|hubitat)\//, 'of families that nobody can name']],
  },
  ha_discovery: {
    by: ['homeassistant', 'esphome'],
    floor: 99,
    notMeasured: [[/\/config /, 'describes a device']],
  },
  ha_discovery_zigbee2mqtt: {
    by: ['homeassistant', 'zigbee2mqtt'],
    floor: 0,
    notMeasured: [[/\/config /, 'describes a device']],
  },
  homie5: {
    by: ['homie'],
    floor: 99,
    notMeasured: [[/\$(?:description|target)/, 'describes, or is wanted']],
  },
  meshtastic: {
    by: ['meshtastic'],
    floor: 99,
    notMeasured: [
      [/ (?:id|channel|from|to|timestamp|payload\.(?:hardware|time))$/, 'who sent it to whom, and when'],
      [/ payload\.l\w+_i$/, 'tested as degrees by the family'],
    ],
  },
  owntracks: {
    by: ['owntracks'],
    floor: 99,
    notMeasured: [
      [/\/(?:event|waypoint|waypoints|step) /, 'told as events, or settings'],
      [/ (?:tst|created_at|_\w+)$/, 'when, and notes of the recorder'],
    ],
  },
  rtl_433: {
    by: ['rtl_433'],
    floor: 99,
    notMeasured: [
      [/ (?:id|sensor_id|rid|device|channel|subtype|protocol)$|\/id $/, 'who sends'],
      [/ (?:sequence_num|message_type|byte\d+|flags|num_rows|len|count|code|data|rfi)$/, 'how it was sent'],
    ],
  },
  senml: { by: ['senml'], floor: 0, notMeasured: [[/./, 'tested against the resolved form of the RFC']] },
  shelly_gen2: {
    by: ['shelly'],
    floor: 99,
    notMeasured: [
      [/ (?:BTHome_version|pid)$/, 'how it was sent'],
      [/(?:[. ])(?:id|ts|minute_ts|unixtime|last_sync_ts|utc_offset|\w+_rev)$/, 'ids, clocks, revisions'],
      [/ (?:error|result)\./, 'answers to calls'],
      [/ params\.events\./, 'told as events'],
    ],
  },
  tasmota: {
    by: ['tasmota'],
    floor: 99,
    notMeasured: [
      [
        / (?:APDS9960|ZbState|ZbBind|ZbResponse|IrReceived|HdmiReceived|RfReceived|Mtr\w+|Modbus\w+|Ping)\./,
        'told as events',
      ],
      [
        / Zb(?:Received|Info)\.[^.]+\.(?:Endpoints?(?:\.\d+)?|LastSeen|LastSeenEpoch)$/,
        'about the radio link',
      ],
      [/ Epoch$|\.Epoch$/, 'when'],
      [/^tasmota\/discovery\/\w+\/config /, 'describes a device'],
      [/\/INFO[12] /, 'describes a device'],
    ],
  },
  theengs_openmqttgateway: {
    by: ['theengs'],
    floor: 99,
    notMeasured: [[/ (?:txpower|encr|packet|seq|mac_type)$/, 'how it was sent']],
  },
  thingsboard_device_api: {
    by: ['thingsboard'],
    floor: 99,
    notMeasured: [
      [/\.ts$| ts$/, 'when'],
      [/\/(?:attributes|attributes\/request\/\d+|rpc\/\w+\/\d+) |^v2\/a /, 'state, and talk with the server'],
    ],
  },
  wled: { by: ['wled'], floor: 99 },
  zigbee2mqtt: {
    by: ['zigbee2mqtt'],
    floor: 99,
    notMeasured: [
      [/^zigbee2mqtt\/bridge\/(?!health)/, 'describes, answers and events of the bridge'],
      [/\/set /, 'sent to the device'],
      [/ update\./, 'about firmware'],
      [/ (?:device\.|elapsed$|last_seen$)/, 'when, and what the device is'],
      [/ action_/, 'told as events'],
    ],
  },
};

interface Tally {
  readonly leaves: number;
  readonly found: number;
  readonly missing: readonly string[];
  readonly strangers: readonly string[];
}

const lines: string[] = [];
afterAll(() => {
  if (lines.length > 0) console.log(lines.join('\n'));
});

describe.skipIf(!isThere)('numbers of real devices', () => {
  for (const [file, expectation] of Object.entries(expectations))
    test(`of ${file} come out as readings`, () => {
      const { leaves, found, missing, strangers } = tallyOf(file, expectation);
      const percent = leaves === 0 ? 100 : (100 * found) / leaves;
      lines.push(
        `${file.padEnd(26)} ${String(found).padStart(4)} of ${leaves} numbers: ${percent.toFixed(1)} %`,
      );
      expect(strangers).toEqual([]);
      expect(percent, missing.join('\n')).toBeGreaterThanOrEqual(expectation.floor);
    });

  test('no family takes what is nobody’s', () => {
    const context = newContext();
    const taken = load('hostile_and_malformed').map(({ topic, payload, encoding }) => [
      topic,
      understand(topic, Buffer.from(payload, encoding), context)?.decoder,
    ]);
    expect(
      taken.filter(([topic, decoder]) => topic?.startsWith('sensors/') === true && decoder !== undefined),
    ).toEqual([]);
  });
});

function tallyOf(file: string, { by, notMeasured = [] }: Expectation): Tally {
  const context = newContext();
  const missing: string[] = [];
  const strangers: string[] = [];
  let leaves = 0;
  for (const { topic, payload, encoding } of load(file)) {
    const bytes = Buffer.from(payload, encoding);
    const meaning = understand(topic, bytes, context);
    if (meaning !== undefined && !by.includes(meaning.decoder)) strangers.push(`${meaning.decoder} ${topic}`);
    const left = [...(meaning?.readings ?? [])];
    for (const leaf of numbersOf(bytes)) {
      if (notMeasured.some(([pattern]) => pattern.test(`${topic} ${leaf.path}`))) continue;
      leaves += 1;
      const at = left.findIndex((reading) => isReadingOf(reading, leaf));
      if (at < 0) missing.push(`${topic} ${leaf.path} = ${String(leaf.value)}`);
      else left.splice(at, 1);
    }
  }
  return { leaves, found: leaves - missing.length, missing, strangers };
}

/** The reading has the leaf's own path as its name, without what wraps the message or with what its topic says. */
function isReadingOf({ metric, value }: IncomingReading, { path, value: number }: Leaf): boolean {
  if (value !== number && value !== null && value !== Boolean(number)) return false;
  if (path === '' || metric.endsWith(`.${path}`)) return true;
  const parts = path.split('.');
  return parts.some((_, index) => toId(parts.slice(index).join('.')) === metric) || isRadio(metric, parts);
}

/** How the best gateway heard an uplink is the device's own `rssi` and `snr`. */
function isRadio(metric: string, parts: readonly string[]): boolean {
  return parts[0] === 'rxInfo' && parts.at(-1) === metric;
}

function numbersOf(bytes: Uint8Array): readonly Leaf[] {
  try {
    return flattenJson(parseJson(Buffer.from(bytes).toString())).filter(
      ({ value }) => typeof value === 'number',
    );
  } catch {
    return [];
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

function newContext(): MappingContext {
  return { localTime: new LocalTime(undefined), discovered: new Discovered(), memory: new FamilyMemory() };
}

function load(file: string): readonly Sample[] {
  const samples = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as readonly Sample[];
  return samples.filter(({ notes = '' }) => !notes.startsWith('COMMAND'));
}
