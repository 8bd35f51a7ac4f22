/**
 * How the hub comes to somebody else's broker: as whom, with which protocol, for how long it wants to be remembered; and
 * what a refusal means. Spec: MQTT 5, §3.1.2.11 (session expiry, Receive Maximum). Pure.
 */
import type { IClientOptions } from 'mqtt';

export interface BrokerLogin {
  /** Names the session at the broker. */
  readonly name: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: Pick<IClientOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'> | undefined;
}

const sessionExpirySeconds = 24 * 3600;
/** Flow control towards an MQTT 5 broker: so many messages may wait for their commit. */
const receiveMaximum = 1000;
const connectTimeoutMs = 10_000;

export function loginOptions(
  { name, username, password, tls }: BrokerLogin,
  protocolVersion: 4 | 5,
  will: IClientOptions['will'],
): IClientOptions {
  const properties = { sessionExpiryInterval: sessionExpirySeconds, receiveMaximum };
  return {
    ...(will !== undefined && { will }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...tls,
    clientId: `signalbox-${name}`,
    protocolVersion,
    clean: false,
    ...(protocolVersion === 5 && { properties }),
    reconnectPeriod: 0,
    connectTimeout: connectTimeoutMs,
    resubscribe: false,
    queueQoSZero: false,
    // What it says of each packet costs a tenth of the packet, even if nobody listens.
    log: () => undefined,
  };
}

/** CONNACK: 1 from a 3.1.1 broker, 132 from one that knows MQTT 5 but does not speak it. */
const versionRefusals: readonly unknown[] = [1, 132];

export function isVersionRefusal(error: object): boolean {
  return 'code' in error && versionRefusals.includes(error.code);
}

/** CONNACK: 4 and 5 of MQTT 3.1.1, 134 and 135 of MQTT 5 (bad user name or password, not authorized). */
const loginRefusals: readonly unknown[] = [4, 5, 134, 135];

/** What keeps the hub away from the broker, for whoever may change it. */
export function whyAway(error: Error, { username }: Pick<BrokerLogin, 'username'>): string {
  const code = 'code' in error ? error.code : undefined;
  // Where a name has several addresses, the error of all of them has only a code.
  if (!loginRefusals.includes(code)) return error.message || (typeof code === 'string' ? code : error.name);
  return username === undefined
    ? 'the broker wants a user name and a password'
    : `the broker refused the password of ${username}`;
}

/** MQTT 5, §3.14.2.1: why the broker ended the connection. Undefined: no reason that people can do something about. */
export function whyDismissed(reasonCode: number | undefined): string | undefined {
  if (reasonCode !== 0x8e) return undefined;
  return 'another client took over our session: each hub needs a name of its own for this broker (`broker.name`)';
}

export function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}`;
}
