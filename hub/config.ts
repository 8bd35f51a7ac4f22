/**
 * The hub's configuration: the file, the environment and the command line are three ways to the table in
 * `settings.ts`. Later ways win: default < YAML file < `SIGNALBOX_…` (or `…_FILE`) < flag.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { resolveBrokers, type BrokerConfig } from './broker-settings.ts';
import { resolveInflux, type InfluxConfig } from './influx-settings.ts';
import type { LogLevel } from './log.ts';
import { resolveEmbedded, type EmbeddedConfig } from './mqtt-settings.ts';
import {
  ConfigError,
  flagOf,
  parseValue,
  settings,
  suggest,
  variableOf,
  type Path,
  type SettingValue,
} from './settings.ts';

type Raw = Partial<Record<Path, SettingValue>>;

/** A setting that differs from its default, and what said so. */
export interface GivenSetting {
  readonly path: Path;
  readonly value: SettingValue;
  /** A file, a variable or a flag. */
  readonly where: string;
}

const defaults: ReadonlyMap<string, SettingValue | undefined> = new Map(
  settings.map((setting) => [setting.path, setting.default]),
);

export interface HubConfig {
  readonly dataFolder: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly origins: readonly string[];
    /** Where people find it, when that is not where it listens. */
    readonly publicUrl: string | undefined;
  };
  /** Absent: no embedded broker. */
  readonly mqtt: EmbeddedConfig | undefined;
  readonly topicRoot: string;
  /** IANA name; absent: devices that tell local time are taken to mean UTC, and their readings are uncertain. */
  readonly timeZone: string | undefined;
  readonly brokers: readonly BrokerConfig[];
  /** Absent: history is in the hub's own file only. */
  readonly influx: InfluxConfig | undefined;
  /** New devices wait until somebody approves them. */
  readonly approval: boolean;
  /** Tags of line protocol that name the device: the first that a line has. */
  readonly writeDeviceTags: readonly string[];
  /** History is kept so long where no rule says otherwise. */
  readonly retentionDays: number;
  /** Readings are gathered so long before they are committed. */
  readonly lingerMs: number;
  /** Serve the Socket.IO Admin UI to admins. */
  readonly adminUi: boolean;
  /** Print a login link at the start. */
  readonly loginLink: boolean;
  readonly logLevel: LogLevel;
}

export interface ConfigSources {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the command line asked for: a configuration to run, or a text to print. */
export type Invocation =
  { readonly config: HubConfig; readonly given: readonly GivenSetting[] } | { readonly print: string };

/**
 * Reads the three ways and checks the result as a whole.
 * @throws {ConfigError} with a sentence that names the setting and where it came from
 */
export function readConfig({ argv, env }: ConfigSources): Invocation {
  const flags = readFlags(argv);
  if (flags['help'] === true) return { print: helpText() };
  const file = typeof flags['config'] === 'string' ? flags['config'] : env['SIGNALBOX_CONFIG'];
  const ways = [
    { raw: file === undefined ? {} : readFile(file), where: () => file ?? '' },
    { raw: readEnvironment(env), where: variableOf },
    { raw: pickFlags(flags), where: (path: Path) => `--${flagOf(path)}` },
  ];
  const given = new Map<Path, GivenSetting>();
  for (const { raw, where } of ways)
    for (const [path, value] of Object.entries(raw) as [Path, SettingValue][])
      given.set(path, { path, value, where: where(path) });
  const raw: Raw = Object.assign({}, ...ways.map((way) => way.raw));
  return { config: resolve(raw), given: [...given.values()] };
}

function helpText(): string {
  const lines = settings.map((setting) => {
    const shown = setting.default === undefined ? '' : ` (${JSON.stringify(setting.default)})`;
    return `  --${flagOf(setting.path).padEnd(18)} ${setting.about}${shown}`;
  });
  return [
    'Usage: npm start -- [options]',
    '',
    '  --config             YAML file with the same settings',
    '  --mqtt               an MQTT broker of yours to read from, as mqtt://user@192.0.2.5; runs none of its own',
    ...lines,
    '  --help               this text',
    '',
    'Each setting also as SIGNALBOX_… (http.port: SIGNALBOX_HTTP_PORT) or, from a file, SIGNALBOX_…_FILE.',
  ].join('\n');
}

function readFlags(argv: readonly string[]): Record<string, unknown> {
  const options: Record<string, { type: 'string' | 'boolean' }> = {
    config: { type: 'string' },
    help: { type: 'boolean' },
    mqtt: { type: 'string' },
  };
  for (const setting of settings)
    options[flagOf(setting.path)] = { type: setting.kind === 'flag' ? 'boolean' : 'string' };
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowNegative: true }).values;
  } catch (cause) {
    const unknown = /'--?([^' ]+)/.exec((cause as Error).message)?.[1];
    const known = Object.keys(options);
    if (unknown !== undefined && !known.includes(unknown))
      throw new ConfigError(`There is no option --${unknown}${suggest(unknown, known, '--')}.`, { cause });
    throw new ConfigError(`The command line cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function pickFlags(flags: Record<string, unknown>): Raw {
  const raw: Raw = {};
  if (flags['mqtt'] !== undefined) {
    raw['broker.url'] = flags['mqtt'] as string;
    raw['mqtt.embedded'] = false;
  }
  for (const setting of settings) {
    const value = flags[flagOf(setting.path)];
    if (value !== undefined) raw[setting.path] = parseValue(setting, value, `--${flagOf(setting.path)}`);
  }
  return raw;
}

function readEnvironment(env: ConfigSources['env']): Raw {
  const raw: Raw = {};
  for (const setting of settings) {
    const variable = variableOf(setting.path);
    const fromFile = env[`${variable}_FILE`];
    const text = fromFile === undefined ? env[variable] : readSecret(fromFile, `${variable}_FILE`);
    if (text !== undefined && text !== '') raw[setting.path] = parseValue(setting, text, variable);
  }
  return raw;
}

function readSecret(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new ConfigError(`${variable} names a file that cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

function readFile(file: string): Raw {
  let document: unknown;
  try {
    document = parseYaml(readFileSync(file, 'utf8')) ?? {};
  } catch (cause) {
    throw new ConfigError(`The configuration file ${file} cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
  const raw: Raw = {};
  collect(document, '', (path, value) => {
    const setting = settings.find((candidate) => candidate.path === path);
    if (setting === undefined)
      throw new ConfigError(
        `${file}: there is no setting ${path}${suggest(
          path,
          settings.map((candidate) => candidate.path),
          '',
        )}.`,
      );
    raw[setting.path] = parseValue(setting, value, `${file}: ${path}`);
  });
  return raw;
}

function collect(node: unknown, path: string, found: (path: string, value: unknown) => void): void {
  if (node === null || typeof node !== 'object' || Array.isArray(node)) {
    if (path === '') throw new ConfigError('The configuration file must hold a mapping of settings.');
    found(path, node);
    return;
  }
  for (const [key, value] of Object.entries(node))
    collect(value, path === '' ? key : `${path}.${key}`, found);
}

function resolve(raw: Raw): HubConfig {
  const get = (path: Path): SettingValue | undefined => raw[path] ?? defaults.get(path);
  const text = (path: Path): string => String(get(path));
  const optional = (path: Path): string | undefined => (get(path) === undefined ? undefined : text(path));
  const lan = get('lan') === true;
  const host = (path: Path): string => (lan && raw[path] === undefined ? '0.0.0.0' : text(path));
  const config: HubConfig = {
    dataFolder: text('data'),
    http: {
      host: host('http.host'),
      port: Number(get('http.port')),
      origins: get('http.origins') as string[],
      publicUrl: optional('http.public-url'),
    },
    mqtt: get('mqtt.embedded') === true ? resolveEmbedded(get, host('mqtt.host')) : undefined,
    topicRoot: text('mqtt.root'),
    timeZone: optional('mqtt.timezone'),
    brokers: resolveBrokers(get),
    influx: influxOf(get),
    approval: get('devices.approval') === true,
    writeDeviceTags: get('write.device-tags') as string[],
    retentionDays: Number(get('history.retention-days')),
    lingerMs: Number(get('history.linger-ms')),
    adminUi: get('admin-ui') === true,
    loginLink: get('login-link') === true,
    logLevel: text('log.level') as LogLevel,
  };
  if (!lan && get('plaintext') !== true) refusePlaintext(config);
  return config;
}

function influxOf(get: (path: Path) => SettingValue | undefined): InfluxConfig | undefined {
  try {
    return resolveInflux(get);
  } catch (cause) {
    throw new ConfigError((cause as Error).message, { cause });
  }
}

function refusePlaintext(config: HubConfig): void {
  const bound = [config.http.host, config.mqtt?.host ?? '127.0.0.1'].find((host) => !isLoopback(host));
  if (bound !== undefined)
    throw new ConfigError(
      `Binding to ${bound} would send tokens over the network in plain text: start with --lan (or plaintext: true) to allow it.`,
    );
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
