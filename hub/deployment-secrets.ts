/**
 * The secrets of a composed deployment, made once: passwords and tokens that its services share, each service's in a
 * folder of its own. Running it again changes nothing that is there. Mosquitto's password file holds salted hashes
 * (mosquitto_passwd: `user:$7$iterations$salt$hash`, PBKDF2 with SHA-512).
 */
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './data-folder.ts';

interface SharedSecret {
  /** The same secret in each of these files, `service/name`; the first is where it is looked for. */
  readonly files: readonly [string, ...string[]];
  /** The Mosquitto user whose password it is. */
  readonly mqttUser?: string;
}

const secrets: readonly SharedSecret[] = [
  { files: ['hub/influx-token', 'influxdb/admin-token', 'grafana/influx-token'] },
  { files: ['influxdb/admin-password'] },
  { files: ['grafana/admin-password'] },
  { files: ['hub/mqtt-password'], mqttUser: 'hub' },
  { files: ['fleet/mqtt-password'], mqttUser: 'fleet' },
  { files: ['mosquitto/health-password'], mqttUser: 'health' },
];
const passwordFile = 'mosquitto/passwd';
const secretBytes = 32;
const iterations = 1000;
const hashBytes = 64;
const userName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Makes what is missing below `folder`. Safe to end at any moment and to run again. */
export function makeSecrets(folder: string): void {
  for (const { files, mqttUser } of secrets) {
    const [first] = files;
    const secret = readSecret(folder, first) ?? randomBytes(secretBytes).toString('base64url');
    for (const file of files) if (readSecret(folder, file) !== secret) writeSecret(folder, file, secret);
    if (mqttUser !== undefined && !users(folder).has(mqttUser)) setPassword(folder, mqttUser, secret);
  }
}

/**
 * Gives a device its own user at the broker; a present one gets a new password.
 * @returns the password, which is kept nowhere @throws {RangeError} the name is no device id, or is a service's
 */
export function addMqttUser(folder: string, user: string): string {
  if (!userName.test(user))
    throw new RangeError(`"${user}" is no device id: use A-Z, a-z, 0-9, ".", "_", "-".`);
  if (secrets.some(({ mqttUser }) => mqttUser === user))
    throw new RangeError(`"${user}" is the user of a service: choose another name.`);
  const password = randomBytes(secretBytes).toString('base64url');
  setPassword(folder, user, password);
  return password;
}

function users(folder: string): Map<string, string> {
  const text = readSecret(folder, passwordFile) ?? '';
  const lines = text.split('\n').filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line]));
}

function setPassword(folder: string, user: string, password: string): void {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(password, salt, iterations, hashBytes, 'sha512');
  const line = `${user}:$7$${iterations}$${salt.toString('base64')}$${hash.toString('base64')}`;
  writeSecret(folder, passwordFile, [...users(folder).set(user, line).values()].join('\n'));
}

function readSecret(folder: string, file: string): string | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

function writeSecret(folder: string, file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeDurably(path, `${text}\n`);
  // Each service mounts its own folder only, and runs as a user of its own: that is who may read it.
  chmodSync(path, 0o444);
}
