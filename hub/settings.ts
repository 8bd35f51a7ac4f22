/**
 * Every setting of the hub as one table: its name, kind, default and meaning, and how a value of its kind is read.
 * Pure: no files, no environment.
 */
import { limits } from './contract/limits.ts';
import { influxSettings } from './influx-settings.ts';
import { logLevels } from './log.ts';

/** The configuration cannot be used; `message` is one sentence for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Kind = 'text' | 'port' | 'count' | 'linger' | 'flag' | 'list' | 'level' | 'zone';

export interface Setting {
  /** As in the YAML file; `http.port` is `port` under `http`. */
  readonly path: string;
  readonly kind: Kind;
  readonly default: string | number | boolean | readonly string[] | undefined;
  readonly about: string;
}

/** Every setting. The flag is the path with `-` for `.`; the variable is `SIGNALBOX_` and the path in capitals with `_`. */
export const settings = [
  { path: 'data', kind: 'text', default: './data', about: 'folder of the database and the admin token' },
  {
    path: 'lan',
    kind: 'flag',
    default: false,
    about: 'bind HTTP and MQTT beyond loopback; tokens stay required',
  },
  { path: 'http.host', kind: 'text', default: '127.0.0.1', about: 'address that HTTP and Socket.IO bind to' },
  { path: 'http.port', kind: 'port', default: 8080, about: 'port of HTTP and Socket.IO; 0 = any free one' },
  {
    path: 'http.public-url',
    kind: 'text',
    default: undefined,
    about: 'where people find it, if not there: printed links use it',
  },
  { path: 'http.origins', kind: 'list', default: [], about: 'further browser origins that may connect' },
  { path: 'mqtt.embedded', kind: 'flag', default: true, about: 'run the embedded MQTT broker' },
  {
    path: 'mqtt.host',
    kind: 'text',
    default: '127.0.0.1',
    about: 'address that the embedded broker binds to',
  },
  { path: 'mqtt.port', kind: 'port', default: 1883, about: 'port of the embedded broker; 0 = any free one' },
  {
    path: 'mqtt.tls.port',
    kind: 'port',
    default: undefined,
    about: 'a second port of the embedded broker, encrypted; needs mqtt.tls.cert and mqtt.tls.key',
  },
  {
    path: 'mqtt.tls.host',
    kind: 'text',
    default: undefined,
    about: 'address that the encrypted port binds to; else mqtt.host',
  },
  { path: 'mqtt.tls.cert', kind: 'text', default: undefined, about: 'PEM file of its certificate chain' },
  { path: 'mqtt.tls.key', kind: 'text', default: undefined, about: 'PEM file of its private key' },
  {
    path: 'mqtt.websocket.port',
    kind: 'port',
    default: undefined,
    about:
      'a port for MQTT over WebSocket alone, wss with a certificate; /mqtt on the HTTP port is always there',
  },
  {
    path: 'mqtt.packet-bytes',
    kind: 'count',
    default: limits.mqttPacketBytes,
    about: 'the largest packet of a client that is logged in',
  },
  {
    path: 'mqtt.connect-bytes',
    kind: 'count',
    default: limits.mqttPacketBytesBeforeConnack,
    about: 'the largest packet of a client that is not logged in yet',
  },
  { path: 'mqtt.root', kind: 'text', default: 'signalbox', about: 'first level of our own MQTT topics' },
  {
    path: 'mqtt.timezone',
    kind: 'zone',
    default: undefined,
    about: 'zone of devices that tell local time, as Europe/Berlin; else UTC, as uncertain',
  },
  { path: 'broker.url', kind: 'text', default: undefined, about: 'an external MQTT broker to read from' },
  { path: 'broker.name', kind: 'text', default: 'broker', about: 'what the external broker is called here' },
  {
    path: 'broker.password',
    kind: 'text',
    default: undefined,
    about: 'its password; better by the _FILE variable',
  },
  {
    path: 'broker.commands',
    kind: 'flag',
    default: false,
    about: 'publish the commands that people send to its devices; else nothing is published to it',
  },
  {
    path: 'broker.share',
    kind: 'text',
    default: undefined,
    about: 'divide its telemetry among all hubs that name the same share (MQTT 5, or Mosquitto)',
  },
  {
    path: 'broker.ca',
    kind: 'text',
    default: undefined,
    about: 'PEM file of the authority that signed its certificate',
  },
  { path: 'broker.cert', kind: 'text', default: undefined, about: 'PEM file of our certificate for it' },
  { path: 'broker.key', kind: 'text', default: undefined, about: 'PEM file of the key of our certificate' },
  {
    path: 'brokers',
    kind: 'list',
    default: [],
    about:
      'further brokers, as name=mqtts://user@host?ca=FILE&cert=FILE&key=FILE&password-file=FILE&share=NAME&commands=true',
  },
  ...influxSettings,
  {
    path: 'devices.approval',
    kind: 'flag',
    default: false,
    about: 'new devices stay out of sight until somebody approves them',
  },
  {
    path: 'write.device-tags',
    kind: 'list',
    default: ['device', 'host'],
    about: 'tags of InfluxDB lines that name the device: the first that a line has',
  },
  {
    path: 'history.retention-days',
    kind: 'count',
    default: limits.retentionUs / 86_400_000_000,
    about: 'days that history is kept where no rule of an admin says otherwise',
  },
  {
    path: 'history.linger-ms',
    kind: 'linger',
    default: 0,
    about:
      'gather readings so long before they are committed, acknowledged and shown: spares an SD card; 0 = commit at once',
  },
  { path: 'plaintext', kind: 'flag', default: false, about: 'allow binding beyond loopback without TLS' },
  {
    path: 'admin-ui',
    kind: 'flag',
    default: false,
    about:
      'serve the Socket.IO Admin UI to admins at /admin-ui/: figures of the Socket.IO server, no actions',
  },
  {
    path: 'login-link',
    kind: 'flag',
    default: false,
    about: 'print a login link (24 h, single use) at every start',
  },
  { path: 'log.level', kind: 'level', default: 'info', about: `one of ${logLevels.join(', ')}` },
] as const satisfies readonly Setting[];

export type Path = (typeof settings)[number]['path'];
export type SettingValue = string | number | boolean | readonly string[];

export function flagOf(path: string): string {
  return path.replaceAll('.', '-');
}

export function variableOf(path: string): string {
  return `SIGNALBOX_${path.replaceAll(/[.-]/g, '_').toUpperCase()}`;
}

/** @throws {ConfigError} naming `where` and what was wanted */
export function parseValue(setting: Setting, value: unknown, where: string): SettingValue {
  const fail = (wanted: string): never => {
    throw new ConfigError(`${where} must be ${wanted}, not ${JSON.stringify(value)}.`);
  };
  switch (setting.kind) {
    case 'text':
      return typeof value === 'string' && value !== '' ? value : fail('a text');
    case 'flag':
      if (value === true || value === 'true' || value === '1') return true;
      return value === false || value === 'false' || value === '0' ? false : fail('true or false');
    case 'port':
      return wholeNumber(value, { digits: 5, least: 0, most: 65_535 }) ?? fail('a port from 0 to 65535');
    case 'count':
      return (
        wholeNumber(value, { digits: 15, least: 1, most: Number.MAX_SAFE_INTEGER }) ??
        fail('a whole number from 1')
      );
    case 'linger':
      return (
        wholeNumber(value, { digits: 5, least: 0, most: limits.lingerMs }) ??
        fail(`milliseconds from 0 to ${limits.lingerMs}`)
      );
    case 'list': {
      const list = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
      return Array.isArray(list) && list.every((item) => typeof item === 'string')
        ? list
        : fail('a list of texts');
    }
    case 'level':
      return (logLevels as readonly unknown[]).includes(value)
        ? (value as string)
        : fail(`one of ${logLevels.join(', ')}`);
    case 'zone':
      return typeof value === 'string' && isTimeZone(value)
        ? value
        : fail('an IANA time zone like UTC or Europe/Berlin');
  }
}

function isTimeZone(name: string): boolean {
  // Intl also takes an offset like +02:00, but that knows no summer time: it is no zone.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    // A RangeError is how Intl says no.
    return false;
  }
}

/** The nearest known name, if it is near enough to be what was meant. */
export function suggest(name: string, known: readonly string[], prefix: string): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= 3
    ? `; did you mean ${prefix}${nearest.candidate}?`
    : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** @returns undefined: it is none within the bounds, as a number or as text of so many digits */
function wholeNumber(
  value: unknown,
  { digits, least, most }: { readonly digits: number; readonly least: number; readonly most: number },
): number | undefined {
  const isText = typeof value === 'string' && /^\d+$/.test(value) && value.length <= digits;
  const number = isText ? Number(value) : value;
  const fits = typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most;
  return fits ? number : undefined;
}
