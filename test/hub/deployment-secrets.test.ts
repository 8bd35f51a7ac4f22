import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pbkdf2Sync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMqttUser, makeSecrets } from '../../hub/deployment-secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const everything = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).flatMap((service) =>
      readdirSync(join(folder, service)).map((file) => [`${service}/${file}`, read(`${service}/${file}`)]),
    ),
  );

/** Does Mosquitto's password file let this user in with this password? */
function matches(user: string, password: string): boolean {
  const line = read('mosquitto/passwd')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${user}:`));
  const [, kind, iterations, salt = '', hash] = line?.split('$') ?? [];
  const derived = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 64, 'sha512');
  return kind === '7' && derived.toString('base64') === hash;
}

describe('make-secrets', () => {
  test('gives every service its own folder, and those that share a secret the same one', () => {
    makeSecrets(folder);
    expect(readdirSync(folder).toSorted()).toEqual(['fleet', 'grafana', 'hub', 'influxdb', 'mosquitto']);
    expect(read('hub/influx-token')).toBe(read('influxdb/admin-token'));
    expect(read('hub/influx-token').trim()).toMatch(/^[\w-]{43}$/);
    expect(read('hub/mqtt-password')).not.toBe(read('fleet/mqtt-password'));
    expect(statSync(join(folder, 'hub/mqtt-password')).mode & 0o777).toBe(0o444);
  });

  test('is never the same twice, and changes nothing when it runs again', () => {
    makeSecrets(folder);
    const before = everything();
    makeSecrets(folder);
    expect(everything()).toEqual(before);
    rmSync(folder, { recursive: true });
    makeSecrets(folder);
    expect(read('hub/influx-token')).not.toBe(before['hub/influx-token']);
  });

  test('goes on where an earlier run was cut off', () => {
    makeSecrets(folder);
    const before = everything();
    rmSync(join(folder, 'influxdb'), { recursive: true });
    makeSecrets(folder);
    expect(read('influxdb/admin-token')).toBe(before['hub/influx-token']);
  });

  test('lets each service in at the broker, and keeps no password there', () => {
    makeSecrets(folder);
    for (const [user, file] of [
      ['hub', 'hub/mqtt-password'],
      ['fleet', 'fleet/mqtt-password'],
      ['health', 'mosquitto/health-password'],
    ] as const) {
      expect(matches(user, read(file).trim()), user).toBe(true);
      expect(read('mosquitto/passwd')).not.toContain(read(file).trim());
    }
    expect(matches('hub', read('fleet/mqtt-password').trim())).toBe(false);
  });
});

describe('add-mqtt-user', () => {
  test('a device gets a password; asked again, a new one', () => {
    makeSecrets(folder);
    const first = addMqttUser(folder, 'bed-7');
    expect(matches('bed-7', first)).toBe(true);
    const second = addMqttUser(folder, 'bed-7');
    expect([matches('bed-7', first), matches('bed-7', second)]).toEqual([false, true]);
  });

  test('users stay when the secrets are made again', () => {
    makeSecrets(folder);
    const password = addMqttUser(folder, 'bed-7');
    makeSecrets(folder);
    expect(matches('bed-7', password)).toBe(true);
  });

  for (const name of ['', 'a:b', 'a\nhub', '../x', 'hub', 'fleet'])
    test(`refuses ${JSON.stringify(name)}`, () => {
      expect(() => addMqttUser(folder, name)).toThrow(RangeError);
    });
});
