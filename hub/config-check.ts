/**
 * What the hub would do with a configuration, in sentences, without doing any of it: what it binds, reads and writes,
 * which settings differ from the defaults and where each came from. Secrets are never shown.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopback, readConfig, type ConfigSources, type HubConfig } from './config.ts';

const secret = /password|token|secret/;

/** @returns the lines to print @throws {ConfigError} the configuration cannot be used */
export function checkConfig(sources: ConfigSources): string {
  const invocation = readConfig(sources);
  if ('print' in invocation) return invocation.print;
  const { config, given } = invocation;
  return [
    'The configuration can be used. The hub would',
    ...actionsOf(config).map((action) => `  - ${action}`),
    given.length === 0 ? 'Every setting has its default.' : 'Set, and where:',
    ...given.map(({ path, value, where }) => `  ${path} = ${shown(path, value)}  (${where})`),
  ].join('\n');
}

function shown(path: string, value: unknown): string {
  if (secret.test(path)) return '(secret)';
  return typeof value === 'string' ? withoutPassword(value) : JSON.stringify(value);
}

function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = '***';
  return url.href;
}

function actionsOf(config: HubConfig): readonly string[] {
  const { dataFolder, http, mqtt, brokers, influx } = config;
  const isKept = existsSync(join(dataFolder, 'signalbox.db'));
  return [
    `${isKept ? 'go on with' : 'make'} the database in ${dataFolder}`,
    `serve HTTP and Socket.IO at ${bound(http.host, http.port)}`,
    mqtt === undefined ? 'run no MQTT broker' : `run an MQTT broker at ${bound(mqtt.host, mqtt.port)}`,
    ...brokers.map(brokerAction),
    influx === undefined
      ? 'keep all history in its own database'
      : `write every reading to ${influx.target.bucket} at ${influx.target.url} too`,
  ];
}

function brokerAction({ url, username, commands }: HubConfig['brokers'][number]): string {
  const user = username === undefined ? '' : ` as ${username}`;
  return `read from the MQTT broker ${url}${user}, and ${commands ? 'publish commands that a person sends' : 'publish nothing to it'}`;
}

function bound(host: string, port: number): string {
  const who = isLoopback(host) ? 'this machine only' : 'the network';
  return `${host}:${port === 0 ? 'any free port' : port} (${who})`;
}
