/**
 * What it costs to understand one typical message of each family: recognised among all families, decoded, named.
 * Beside it what `JSON.parse` of the same payload takes: the peer that nobody can do without. `--rounds 5`.
 */
import { encode as toCbor } from 'cbor2';
import { parseArgs } from 'node:util';
import { encodePayload, toLong } from '../../hub/contract/formats/sparkplug-payload.ts';
import { families } from '../../bridges/mqtt/families/all.ts';
import { mapToFamily } from '../../bridges/mqtt/mapping.ts';
import { toContext, toMessage } from '../bridges/mqtt/families/decode.ts';
import { startMeasuring } from './support/measure.ts';
import { median, spread } from './support/statistics.ts';
import { table } from './support/table.ts';

interface Typical {
  readonly family: string;
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

const goalUs = 10;
const messagesPerRound = 20_000;

const typical: readonly Typical[] = [
  json('tasmota', 'tele/plug/SENSOR', {
    Time: '2026-06-01T12:00:00',
    ENERGY: {
      Total: 152.657,
      Yesterday: 1.758,
      Today: 0.178,
      Power: 143,
      Voltage: 231,
      Current: 0.62,
    },
  }),
  json('tasmota', 'tele/plug/STATE', {
    Time: '2026-06-01T12:00:00',
    UptimeSec: 66972,
    POWER: 'ON',
    Wifi: { RSSI: 80, Signal: -55 },
  }),
  json('zigbee2mqtt', 'zigbee2mqtt/hall/climate', {
    battery: 97,
    humidity: 45.2,
    last_seen: '2026-06-01T12:00:00+02:00',
    linkquality: 120,
    temperature: 21.4,
    voltage: 3005,
  }),
  json('shelly', 'shellyplus1pm-a8032ab1/events/rpc', {
    src: 'shellyplus1pm-a8032ab1',
    dst: 'shellyplus1pm-a8032ab1/events',
    method: 'NotifyStatus',
    params: {
      ts: 1780315200.44,
      'switch:0': { id: 0, apower: 143.2, voltage: 231.1, current: 0.62 },
    },
  }),
  {
    family: 'shelly',
    topic: 'shellies/shelly1pm-1/relay/0/power',
    payload: '143.20',
  },
  {
    family: 'esphome',
    topic: 'kitchen/sensor/temperature/state',
    payload: '21.4',
  },
  { family: 'homie', topic: 'homie/5/heater/heat/room', payload: '21.4' },
  {
    family: 'sparkplug',
    topic: 'spBv1.0/plant/DDATA/press/oven',
    payload: encodePayload(
      1_780_315_200_000,
      [1, 2, 3].map((alias) => ({
        name: `zone ${alias}`,
        alias: toLong(alias),
        datatype: 9,
        floatValue: 21.5,
      })),
      1,
    ),
  },
  json('rtl_433', 'rtl_433/pi/events', {
    time: '2026-06-01 12:00:00',
    model: 'Acurite-Tower',
    id: 896,
    channel: 'A',
    battery_ok: 1,
    temperature_C: 21.4,
    humidity: 45,
  }),
  json('theengs', 'home/OpenMQTTGateway/BTtoMQTT/582D3433AADF', {
    id: '58:2D:34:33:AA:DF',
    rssi: -70,
    brand: 'Xiaomi',
    model: 'Mi Jia round',
    model_id: 'LYWSDCGQ',
    tempc: 26,
    tempf: 78.8,
    hum: 61.4,
  }),
  json('chirpstack', 'application/17c82e96-be03-4f38-aef3-f83d48582d97/device/0101010101010101/event/up', {
    time: '2026-06-01T12:00:00.775023242+00:00',
    deviceInfo: {
      applicationName: 'farm',
      deviceProfileName: 'soil',
      deviceName: 'bed-1',
      devEui: '0101010101010101',
    },
    fCnt: 10,
    fPort: 1,
    object: { temperature: 21.4, moisture: 45 },
    rxInfo: [{ gatewayId: '0016c001f153a14c', rssi: -48, snr: 9 }],
  }),
  json('owntracks', 'owntracks/jane/phone', {
    _type: 'location',
    lat: 48.85833,
    lon: 2.29513,
    acc: 5,
    batt: 80,
    tst: 1780315200,
  }),
  json('thingsboard', 'v1/gateway/telemetry', {
    'Device A': [{ ts: 1780315200000, values: { temperature: 21.4, humidity: 45 } }],
  }),
  {
    family: 'collectd',
    topic: 'collectd/host/cpu-0/cpu-user',
    payload: '1780315200.115:0.09\0',
  },
  {
    family: 'influx',
    topic: 'telegraf/host01/weather',
    payload: 'weather,location=us temperature=82,humidity=71 1780315200000000000',
  },
  { family: 'mosquitto', topic: '$SYS/broker/clients/connected', payload: '2' },
  { family: 'wled', topic: 'wled/a4cf12/g', payload: '128' },
  json('victron', 'N/c0619ab1f0e2/battery/0/Dc/0/Voltage', { value: 25.6 }),
  { family: 'evcc', topic: 'evcc/loadpoints/1/chargePower', payload: '7360' },
  json('zwave', 'zwave/hall/plug/50/0/value/66049', {
    time: 1780315200000,
    value: 143.2,
  }),
  json('senml', 'field/node7', [
    { bn: 'node7/', bt: 1780315200, n: 'temperature', u: 'Cel', v: 21.4 },
    { n: 'humidity', u: '%RH', v: 45 },
  ]),
  {
    family: 'senml',
    topic: 'field/node7/cbor',
    payload: toCbor([
      new Map<number, unknown>([
        [-2, 'node7/'],
        [-3, 1_780_315_200],
        [0, 'temperature'],
        [2, 21.4],
      ]),
    ]),
  },
  json('smarthome', 'hm/status/hall/temperature', {
    val: 21.4,
    ts: 1780315200000,
  }),
];

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { rounds: { type: 'string', default: '5' } },
  });
  const rounds = Math.max(1, Number(values.rounds));
  const rows = typical.map((message) => rowOf(message, rounds));
  rows.push(
    rowOf(
      {
        family: '(nobody)',
        topic: 'attic/thing/one',
        payload: '{"temperature":21.4}',
      },
      rounds,
    ),
  );
  console.log(table(['family, topic', 'µs a message', 'spread', 'readings', 'JSON.parse µs', 'ratio'], rows));
  console.log(`The goal is ${goalUs} µs a message.`);
}

function json(family: string, topic: string, payload: object): Typical {
  return { family, topic, payload: JSON.stringify(payload) };
}

/** @throws {Error} it is not understood: its cost would mean nothing */
function rowOf({ family, topic, payload }: Typical, rounds: number): string[] {
  const message = toMessage(topic, payload);
  const context = toContext('Europe/Berlin');
  const understood = mapToFamily(message, families, context);
  const isNobodys = family === '(nobody)';
  if (
    understood?.decoder !== (isNobodys ? undefined : family) ||
    (!isNobodys && understood?.readings?.length === 0)
  )
    throw new Error(`${topic} was understood by ${understood?.decoder ?? 'nobody'}, not by ${family}.`);
  const own: number[] = [];
  const parsing: number[] = [];
  const text = typeof payload === 'string' && /^[{[]/.test(payload) ? payload : undefined;
  for (let round = 0; round <= rounds; round += 1) {
    const costs = [
      timed(() => mapToFamily(message, families, context)),
      text === undefined ? NaN : timed(() => JSON.parse(text)),
    ];
    // The first round is for the compiler.
    if (round === 0) continue;
    own.push(costs[0] ?? NaN);
    parsing.push(costs[1] ?? NaN);
  }
  const [ownUs, parseUs] = [median(own), median(parsing)];
  const peer = text === undefined ? ['', ''] : [parseUs.toFixed(2), `${(ownUs / parseUs).toFixed(1)}×`];
  return [
    `${family}, ${topic.length > 40 ? `${topic.slice(0, 39)}…` : topic}`,
    ownUs.toFixed(2),
    `${(spread(own) * 100).toFixed(0)} %`,
    String(understood?.readings?.length ?? 0),
    ...peer,
  ];
}

/** Processor time: other work on the machine does not count. */
function timed(work: () => unknown): number {
  const measured = startMeasuring();
  for (let count = 0; count < messagesPerRound; count += 1) work();
  return (measured().cpuSeconds * 1e6) / messagesPerRound;
}
