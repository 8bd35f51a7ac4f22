/** The server under measurement, in a process of its own: `ours` or `official`. */
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { Server as OfficialServer } from 'socket.io';
import { Server } from '#socketio';
import { memory, startMeasuring, type Cost } from '../support/measure.ts';
import { answerCalls } from '../support/worker-process.ts';

const servers: Record<string, new (...args: never[]) => unknown> = { ours: Server, official: OfficialServer };
const make = servers[process.argv[2] ?? ''];
if (make === undefined) throw new Error('Say which server: ours or official.');
const httpServer = createServer();
const io = new (make as new (httpServer: unknown, options: object) => Server)(httpServer, {
  serveClient: false,
});
io.on('connection', (socket) => {
  socket.on('telemetry', (_reading: unknown, ack: (answer: object) => void) => ack({ ok: true }));
});
const reading = {
  device: 'meter-17',
  metric: 'power',
  ts: 1_795_000_000_000,
  value: 1234.5,
  unit: 'W',
  q: 'good',
};
let cost: () => Cost = startMeasuring();

answerCalls({
  listen: () =>
    new Promise((resolve) => {
      httpServer.listen(0, '127.0.0.1', () => resolve((httpServer.address() as AddressInfo).port));
    }),
  startMeasuring: () => {
    cost = startMeasuring();
  },
  cost: () => cost(),
  memory: () => memory(),
  /** All in one tick. */
  emit: (events: number) => {
    for (let i = 0; i < events; i += 1) io.emit('readings', reading, i);
  },
});
