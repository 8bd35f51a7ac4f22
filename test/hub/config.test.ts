import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig, type HubConfig } from '../../hub/config.ts';
import { ConfigError } from '../../hub/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function configOf(argv: string[], env: Record<string, string> = {}): HubConfig {
  const invocation = readConfig({ argv, env });
  if (!('config' in invocation)) throw new Error('expected a configuration');
  return invocation.config;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('Configuration: safe defaults', () => {
  test('binds only to loopback', () => {
    const config = configOf([]);
    expect(config.http).toEqual({ host: '127.0.0.1', port: 8080, origins: [] });
    expect(config.mqtt).toMatchObject({ host: '127.0.0.1', port: 1883, tls: undefined });
    expect(config.brokers).toEqual([]);
  });

  test('refuses to bind beyond loopback without being asked twice', () => {
    expect(() => configOf(['--http-host', '0.0.0.0'])).toThrow(/plain text.*--lan/);
    expect(() => configOf(['--mqtt-host', '192.0.2.1'])).toThrow(ConfigError);
    expect(configOf(['--http-host', '0.0.0.0', '--plaintext']).http.host).toBe('0.0.0.0');
  });

  test('--lan binds both, and an explicit host still wins', () => {
    expect(configOf(['--lan']).http.host).toBe('0.0.0.0');
    expect(configOf(['--lan']).mqtt?.host).toBe('0.0.0.0');
    expect(configOf(['--lan', '--http-host', '127.0.0.1']).http.host).toBe('127.0.0.1');
  });
});

describe('Configuration: three ways, later ones win', () => {
  test('a flag wins over the environment, which wins over the file', () => {
    const path = file('a.yaml', 'http:\n  port: 1001\nmqtt:\n  port: 1002\nlog:\n  level: debug\n');
    const config = configOf(['--config', path, '--http-port', '3001'], {
      SIGNALBOX_HTTP_PORT: '2001',
      SIGNALBOX_MQTT_PORT: '2002',
    });
    expect(config.http.port).toBe(3001);
    expect(config.mqtt?.port).toBe(2002);
    expect(config.logLevel).toBe('debug');
  });

  test('a secret comes from a file, without its line end', () => {
    const secret = file('password', 'pass word\n');
    const config = configOf(['--broker-url', 'mqtt://ann@broker.test:1884'], {
      SIGNALBOX_BROKER_PASSWORD_FILE: secret,
    });
    expect(config.brokers[0]).toEqual({
      name: 'broker',
      url: 'mqtt://broker.test:1884',
      username: 'ann',
      password: 'pass word',
      commands: false,
    });
  });

  test('the embedded broker can be left off', () => {
    expect(configOf(['--no-mqtt-embedded']).mqtt).toBeUndefined();
    expect(configOf([], { SIGNALBOX_MQTT_EMBEDDED: 'false' }).mqtt).toBeUndefined();
  });

  test('which tags of InfluxDB lines name the device is a list', () => {
    expect(configOf([]).writeDeviceTags).toEqual(['device', 'host']);
    expect(configOf(['--write-device-tags', 'host, device']).writeDeviceTags).toEqual(['host', 'device']);
    expect(configOf([], { SIGNALBOX_WRITE_DEVICE_TAGS: 'sensor' }).writeDeviceTags).toEqual(['sensor']);
  });

  test('the zone of devices that tell local time is unknown unless it is named', () => {
    expect(configOf([]).timeZone).toBeUndefined();
    expect(configOf(['--mqtt-timezone', 'UTC']).timeZone).toBe('UTC');
    expect(configOf([], { SIGNALBOX_MQTT_TIMEZONE: 'Europe/Berlin' }).timeZone).toBe('Europe/Berlin');
    const path = file('zone.yaml', 'mqtt:\n  timezone: Asia/Kolkata\n');
    expect(configOf(['--config', path]).timeZone).toBe('Asia/Kolkata');
  });

  test('--help prints every setting instead of running', () => {
    const invocation = readConfig({ argv: ['--help'], env: {} });
    expect('print' in invocation ? invocation.print : '').toMatch(/--http-port .*8080/);
  });
});

describe('Configuration: mistakes are one clear sentence', () => {
  const cases: [string, string[], Record<string, string>, RegExp][] = [
    ['an unknown flag', ['--htp-port', '1'], {}, /no option --htp-port; did you mean --http-port\?/],
    ['a port that is no number', ['--http-port', 'web'], {}, /--http-port must be a port .* not "web"/],
    ['a port out of range', [], { SIGNALBOX_MQTT_PORT: '70000' }, /SIGNALBOX_MQTT_PORT must be a port/],
    ['an unknown level', ['--log-level', 'loud'], {}, /one of debug, info/],
    [
      'a zone that is none',
      ['--mqtt-timezone', 'Mars/Olympus'],
      {},
      /an IANA time zone .* not "Mars\/Olympus"/,
    ],
    ['an offset for a zone', [], { SIGNALBOX_MQTT_TIMEZONE: '+02:00' }, /SIGNALBOX_MQTT_TIMEZONE must be an/],
    ['a broker that is no URL', ['--broker-url', 'somewhere'], {}, /not a URL/],
    ['a broker of another protocol', ['--broker-url', 'http://x'], {}, /must start with mqtt:/],
    [
      'a secret file that is not there',
      [],
      { SIGNALBOX_BROKER_PASSWORD_FILE: '/nowhere/x' },
      /cannot be read/,
    ],
    ['a configuration file that is not there', ['--config', '/nowhere/x.yaml'], {}, /cannot be read/],
  ];
  for (const [name, argv, env, message] of cases)
    test(name, () => {
      expect(() => configOf(argv, env)).toThrow(message);
      expect(() => configOf(argv, env)).toThrow(ConfigError);
    });

  test('an unknown key of the file, with a suggestion', () => {
    const path = file('b.yaml', 'mqtt:\n  prot: 1883\n');
    expect(() => configOf(['--config', path])).toThrow(/no setting mqtt\.prot; did you mean mqtt\.port\?/);
  });

  test('a file that is not a mapping', () => {
    expect(() => configOf(['--config', file('c.yaml', '- 1\n')])).toThrow(/must hold a mapping/);
  });
});

describe('Configuration: an existing network', () => {
  test('--mqtt is all it needs: the broker is read, none of our own runs, nothing is published', () => {
    const config = configOf(['--mqtt', 'mqtt://me:secret@192.0.2.5']);
    expect(config.mqtt).toBeUndefined();
    expect(config.brokers[0]).toEqual({
      name: 'broker',
      url: 'mqtt://192.0.2.5',
      username: 'me',
      password: 'secret',
      commands: false,
    });
  });

  test('an own broker beside it, and commands, are a flag away', () => {
    const config = configOf(['--mqtt', 'mqtt://192.0.2.5', '--mqtt-embedded', '--broker-commands']);
    expect([config.mqtt?.port, config.brokers[0]?.commands]).toEqual([1883, true]);
  });
});
