import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoGroups, demoSpecs } from '../../simulators/demo/preset.ts';
import { TestBroker } from './support/broker.ts';
import { eventually } from './support/eventually.ts';
import { run } from './support/run.ts';

let broker: TestBroker;
let io: Server;
let url: string;
let devices: Set<string>;

beforeEach(async () => {
  broker = await TestBroker.start();
  broker.password = 'gateway';
  devices = new Set();
  const server = createServer();
  io = new Server(server);
  for (const group of demoGroups)
    io.of(`/${group}`).on('connection', (socket) => {
      socket.onAny((event: string, payload: { device: string }, ack: (answer: object) => void) => {
        if (event === 'telemetry') devices.add(payload.device);
        ack({ ok: true, offset: 1, accepted: 1, rejected: [] });
      });
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await broker.stop();
  await io.close();
});

test('half of the demo’s fleet reports over MQTT, half over Socket.IO, until its parent is gone', async () => {
  const env = { SIGNALBOX_URL: url, SIGNALBOX_MQTT: broker.url, SIGNALBOX_TOKEN: 'gateway' };
  const { child, ended } = run('demo-fleet.ts', [], env);
  const overMqtt = () =>
    new Set(broker.heard.filter(({ topic }) => topic.endsWith('/telemetry')).map(({ topic }) => topic));
  const half = demoSpecs().length / 2;
  await eventually(() => overMqtt().size === half && devices.size === half, 20_000);
  child.disconnect();
  const { code, out } = await ended;
  expect(code).toBe(0);
  expect(out).toContain('ack latency');
  expect(out).toMatch(/refused 0/);
});
