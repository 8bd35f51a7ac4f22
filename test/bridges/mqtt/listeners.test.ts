import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { EmbeddedBrokerOptions } from '../../../bridges/mqtt/embedded-broker.ts';
import { temporaryFolder } from '../../hub/store/temporary-file.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { describeWith } from '../../support/servers.ts';
import { connectPacket } from './packets.ts';
import { startHub, type TestHub } from './support.ts';

let hub: TestHub | undefined;
let server: Server | undefined;
const clients: MqttClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  await hub?.close();
  hub = undefined;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function start(options: Partial<EmbeddedBrokerOptions>): Promise<TestHub> {
  hub = await startHub(options);
  return hub;
}

/** The address of a way in, from the status. */
function doorOf({ broker }: TestHub, scheme: string): string {
  const door = (broker.status().detail ?? '').split(', ').find((each) => each.startsWith(`${scheme}://`));
  if (door === undefined) throw new Error(`No ${scheme} in ${broker.status().detail}`);
  return door;
}

async function publishOver(url: string, options: IClientOptions = {}): Promise<void> {
  const login = { username: 'any', password: 'plug', protocolVersion: 4, reconnectPeriod: 0 } as const;
  const client = connect(url, { ...login, ...options });
  clients.push(client);
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('The broker closed.')));
  });
  await client.publishAsync('signalbox/house/plug/telemetry/power', '7', { qos: 1 });
}

async function listenHttp(): Promise<string> {
  const http = createServer((_request, response) => response.end('page'));
  server = http;
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(http.address() as AddressInfo).port}`;
}

describe('MQTT 3.1.1, §6: MQTT over WebSocket', () => {
  test('on a port of its own', async () => {
    const started = await start({ webSocketPort: 0 });
    await publishOver(doorOf(started, 'ws'));
    expect(started.ingest.deliveries).toMatchObject([{ readings: [{ device: 'plug', value: 7 }] }]);
  });

  test('at /mqtt of a server that has other things to do, and nowhere else on it', async () => {
    const place = await listenHttp();
    const started = await start({ httpServer: server });
    await publishOver(`ws://${place}/mqtt`);
    expect(started.ingest.deliveries).toHaveLength(1);
    expect(await (await fetch(`http://${place}/mqtt`)).text()).toBe('page');
    // Nobody answers another path here: in the hub the Socket.IO server ends it.
    const other = new WebSocket(`ws://${place}/other`, 'mqtt');
    const answered = new Promise((resolve) => other.once('open', () => resolve('open')));
    server?.once('upgrade', (_request, socket) => socket.destroy());
    await expect(
      Promise.race([answered, new Promise((_, reject) => other.once('error', reject))]),
    ).rejects.toThrow();
  });

  test('the subprotocol is mqtt, and frames are binary', async () => {
    const started = await start({ webSocketPort: 0 });
    const socket = new WebSocket(doorOf(started, 'ws'), ['mqtt']);
    await new Promise((resolve) => socket.once('open', resolve));
    expect(socket.protocol).toBe('mqtt');
    const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
    socket.send('text');
    expect(await closed).toBe(1003);
  });

  test('the guard stands in front of it too', async () => {
    const started = await start({ webSocketPort: 0 });
    const socket = new WebSocket(doorOf(started, 'ws'), ['mqtt']);
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(connectPacket('c', 'plug'));
    await new Promise((resolve) => socket.once('message', resolve));
    socket.send(Buffer.from('30ffffff7f', 'hex'));
    await closed;
    expect(started.counters.counts.get('mqtt.closed/packet-too-large')).toBe(1);
  });
});

describeWith('openssl', 'TLS', (openssl) => {
  test('an encrypted port beside the plain one, and wss with the same certificate', async () => {
    const { cert, key, ca } = makeCertificate(openssl, temporaryFolder());
    const started = await start({ tls: { host: '127.0.0.1', port: 0, cert, key }, webSocketPort: 0 });
    await publishOver(doorOf(started, 'tls').replace('tls:', 'mqtts:'), { ca });
    await publishOver(doorOf(started, 'wss'), { ca });
    await publishOver(`mqtt://127.0.0.1:${started.port}`);
    expect(started.ingest.deliveries).toHaveLength(3);
  });

  test('who speaks no TLS there is not served', async () => {
    const { cert, key } = makeCertificate(openssl, temporaryFolder());
    const started = await start({ tls: { host: '127.0.0.1', port: 0, cert, key } });
    await expect(publishOver(doorOf(started, 'tls').replace('tls:', 'mqtt:'))).rejects.toThrow();
  });

  test('a certificate that cannot be used stops the start, and nothing listens', async () => {
    const tls = { host: '127.0.0.1', port: 0, cert: 'no PEM', key: 'no PEM' };
    await expect(startHub({ tls })).rejects.toThrow();
  });
});
