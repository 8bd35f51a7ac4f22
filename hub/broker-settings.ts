/** What the settings say about brokers of somebody else, as configurations. Reads files of secrets; connects nowhere. */
import { readFileSync } from 'node:fs';
import { ConfigError, type Path, type SettingValue } from './settings.ts';

export interface BrokerConfig {
  readonly name: string;
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Whether commands of people go out to it. */
  readonly commands: boolean;
  /** Divides telemetry among all hubs that name the same group. */
  readonly share?: string | undefined;
  /** PEM. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
}

type Get = (path: Path) => SettingValue | undefined;
type Options = Readonly<Record<string, string | undefined>>;

const schemes = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];
/** In the query of a URL in `brokers`. */
const options = ['password-file', 'commands', 'share', 'ca', 'cert', 'key'];
const namePattern = /^[A-Za-z0-9][\w-]{0,31}$/;
const sharePattern = /^[^/+#$\s]{1,64}$/;

/** @throws {ConfigError} one of them cannot be used */
export function resolveBrokers(get: Get): readonly BrokerConfig[] {
  const url = get('broker.url');
  const text = (path: Path): string | undefined => (get(path) === undefined ? undefined : String(get(path)));
  const first =
    url === undefined
      ? []
      : [
          toBroker('broker.url', String(get('broker.name')), String(url), {
            password: text('broker.password'),
            commands: String(get('broker.commands')),
            share: text('broker.share'),
            ca: text('broker.ca'),
            cert: text('broker.cert'),
            key: text('broker.key'),
          }),
        ];
  const all = [...first, ...(get('brokers') as readonly string[]).map(fromListed)];
  const names = all.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new ConfigError(`Two brokers are called ${twice}: each needs its own name.`);
  return all;
}

/** `attic=mqtts://me@192.0.2.5?ca=ca.pem&password-file=secret` */
function fromListed(entry: string): BrokerConfig {
  const [, name, address = ''] = /^([^=:/]+)=(.+)$/.exec(entry) ?? [];
  if (name === undefined)
    throw new ConfigError(`brokers: ${JSON.stringify(entry)} must be name=mqtt://user@host.`);
  if (!URL.canParse(address)) throw new ConfigError(`brokers: ${name} has no URL.`);
  const url = new URL(address);
  const given = Object.fromEntries(url.searchParams);
  const unknown = Object.keys(given).find((option) => !options.includes(option));
  if (unknown !== undefined)
    throw new ConfigError(`brokers: ${name} has no option ${unknown}; there are ${options.join(', ')}.`);
  url.search = '';
  const file = given['password-file'];
  const password = file === undefined ? undefined : read(`brokers: password-file of ${name}`, file).trimEnd();
  return toBroker('brokers', name, url.href, { ...given, password });
}

function toBroker(where: string, name: string, address: string, given: Options): BrokerConfig {
  if (!URL.canParse(address)) throw new ConfigError(`${where} is not a URL: ${JSON.stringify(address)}.`);
  const url = new URL(address);
  if (!schemes.includes(url.protocol))
    throw new ConfigError(
      `${where} must start with mqtt://, mqtts://, ws:// or wss://, not ${url.protocol}//.`,
    );
  if (!namePattern.test(name))
    throw new ConfigError(`${where}: ${JSON.stringify(name)} is no name: letters, digits, _ and -.`);
  const { share } = given;
  if (share !== undefined && !sharePattern.test(share))
    throw new ConfigError(`${where}: ${JSON.stringify(share)} is no name of a share: no /, +, # or $.`);
  const username = url.username === '' ? undefined : decodeURIComponent(url.username);
  const inUrl = url.password === '' ? undefined : decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return {
    name,
    url: url.href.replace(/\/$/, ''),
    username,
    password: given['password'] ?? inUrl,
    commands: given['commands'] === 'true',
    share,
    tls: tlsOf(where, given),
  };
}

function tlsOf(where: string, { ca, cert, key }: Options): BrokerConfig['tls'] {
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  if ((cert === undefined) !== (key === undefined))
    throw new ConfigError(`${where}: a client certificate needs both cert and key.`);
  return {
    ...(ca !== undefined && { ca: read(`${where}: ca`, ca) }),
    ...(cert !== undefined && { cert: read(`${where}: cert`, cert) }),
    ...(key !== undefined && { key: read(`${where}: key`, key) }),
  };
}

function read(where: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${where} names a file that cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
}
