/** The command line of `npm run simulate`: parsed, checked, explained. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isGroupId } from '#contract/names.ts';
import type { Dialect } from './dialects/dialect.ts';
import { esphomeDialect } from './dialects/esphome.ts';
import { homieDialect } from './dialects/homie.ts';
import { shellyDialect } from './dialects/shelly.ts';
import { signalboxDialect } from './dialects/signalbox.ts';
import { sparkplugDialect } from './dialects/sparkplug.ts';
import { tasmotaDialect } from './dialects/tasmota.ts';
import { zigbee2mqttDialect } from './dialects/zigbee2mqtt.ts';
import { faultNames } from './faults.ts';
import type { Fault } from './faults.ts';

export const dialects: readonly Dialect[] = [
  signalboxDialect,
  tasmotaDialect,
  zigbee2mqttDialect,
  shellyDialect,
  esphomeDialect,
  homieDialect,
  sparkplugDialect,
];
const links = ['mqtt', 'socketio', 'http'] as const;

export interface SimulateOptions {
  readonly url: string;
  readonly link: (typeof links)[number];
  readonly token: string | undefined;
  readonly dialect: Dialect;
  readonly devices: number;
  readonly rate: number;
  readonly seed: number;
  readonly faults: ReadonlySet<Fault>;
  readonly group: string;
  readonly durationMs: number | undefined;
  readonly replay: string | undefined;
  readonly speed: number;
}

/** The command line is wrong: print the message and exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

export const usage = `npm run simulate -- [options]

  --url mqtt://127.0.0.1:1883   the hub: mqtt(s):// for MQTT, http(s):// for Socket.IO
  --over socketio               with an http url: socketio, or http for one POST per reading
  --token-file FILE             where the gateway token stands; else SIGNALBOX_TOKEN
  --speak signalbox             signalbox; over MQTT also tasmota, zigbee2mqtt, shelly, esphome,
                                homie, sparkplug
  --devices 10                  how many, 1 to 10000
  --rate 1                      readings per second and device, up to 100
  --seed 1                      the same seed makes the same fleet
  --faults drop,duplicate       of drop, duplicate, late, clock
  --group simulated             the group that the devices belong to
  --duration 60                 seconds; without it until Ctrl-C
  --replay FILE                 play a recording (NDJSON of { t, topic, payload }) instead of a fleet
  --speed 1                     how much faster than recorded to play it
  --help                        this text`;

/** Undefined when help was asked for. @throws {UsageError} */
export function parseSimulateOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SimulateOptions | undefined {
  const values = valuesIn(argv);
  if (values.help) return undefined;
  const url = targetUrl(values.url);
  const link = linkFor(url, values.over);
  const dialect = dialects.find((candidate) => candidate.name === values.speak);
  if (dialect === undefined)
    throw new UsageError(
      `--speak takes ${dialects.map(({ name }) => name).join(', ')}, not "${values.speak}".`,
    );
  if (dialect !== signalboxDialect && link !== 'mqtt')
    throw new UsageError(`A ${dialect.name} device speaks MQTT: give an mqtt:// --url.`);
  if (values.replay !== undefined && link !== 'mqtt')
    throw new UsageError('A recording is played over MQTT: give an mqtt:// --url.');
  if (!isGroupId(values.group))
    throw new UsageError(`--group "${values.group}" is no group id: use a-z, 0-9, _ and -.`);
  const seconds =
    values.duration === undefined ? undefined : numberIn('--duration', values.duration, 0.1, 1e8);
  return {
    url: url.href.replace(/\/$/, ''),
    link,
    token: tokenFrom(values['token-file'], env.SIGNALBOX_TOKEN),
    dialect,
    devices: wholeIn('--devices', values.devices, 1, 10_000),
    rate: numberIn('--rate', values.rate, 0.001, 100),
    seed: wholeIn('--seed', values.seed, 0, 2 ** 31),
    faults: faultsIn(values.faults),
    group: values.group,
    durationMs: seconds === undefined ? undefined : seconds * 1000,
    replay: values.replay,
    speed: numberIn('--speed', values.speed, 0.01, 10_000),
  };
}

function valuesIn(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        url: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
        over: { type: 'string' },
        'token-file': { type: 'string' },
        speak: { type: 'string', default: 'signalbox' },
        devices: { type: 'string', default: '10' },
        rate: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        faults: { type: 'string', default: '' },
        group: { type: 'string', default: 'simulated' },
        duration: { type: 'string' },
        replay: { type: 'string' },
        speed: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const sentence = error instanceof Error ? (error.message.split('. ')[0] ?? '').replace(/\.$/, '') : '';
    throw new UsageError(`${sentence}; --help lists the options.`, { cause: error });
  }
}

function targetUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^(mqtts?|https?):$/.test(url.protocol))
    throw new UsageError(`--url takes mqtt://host:port or http://host:port, not "${text}".`);
  return url;
}

function linkFor(url: URL, over: string | undefined): SimulateOptions['link'] {
  const isMqtt = url.protocol.startsWith('mqtt');
  const link = links.find((name) => name === (over ?? (isMqtt ? 'mqtt' : 'socketio')));
  if (link === undefined) throw new UsageError(`--over takes socketio or http, not "${over}".`);
  if ((link === 'mqtt') !== isMqtt)
    throw new UsageError(`--over ${link} does not go with the --url "${url.href}".`);
  return link;
}

function tokenFrom(file: string | undefined, fromEnv: string | undefined): string | undefined {
  if (file === undefined) return fromEnv === undefined || fromEnv === '' ? undefined : fromEnv;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`The token file "${file}" cannot be read.`, { cause: error });
  }
}

function faultsIn(text: string): ReadonlySet<Fault> {
  const names = text.split(',').filter((name) => name !== '');
  const faults = names.map((name) => {
    const fault = faultNames.find((candidate) => candidate === name);
    if (fault === undefined) throw new UsageError(`--faults takes ${faultNames.join(', ')}, not "${name}".`);
    return fault;
  });
  return new Set(faults);
}

function numberIn(option: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= least && value <= most))
    throw new UsageError(`${option} takes a number from ${least} to ${most}, not "${text}".`);
  return value;
}

function wholeIn(option: string, text: string, least: number, most: number): number {
  const value = numberIn(option, text, least, most);
  if (!Number.isInteger(value)) throw new UsageError(`${option} takes a whole number, not "${text}".`);
  return value;
}
