/** The server under measurement, in a process of its own: its name and mode are the arguments. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { memory, startMeasuring, type Cost } from '../support/measure.ts';
import { answerCalls } from '../support/worker-process.ts';
import { keepPackets, restore } from './recovery-load.ts';
import { makeSubject, type Mode, type SubjectName } from './subjects.ts';

const [, , name, mode] = process.argv;
const httpServer = createServer();
const subject = makeSubject(name as SubjectName, mode as Mode, httpServer);
const reading = {
  device: 'meter-17',
  metric: 'power',
  ts: 1_795_000_000_000,
  value: 1234.5,
  unit: 'W',
  q: 'good',
};
const page = Array.from({ length: 40 }, (_, index) => ({
  ...reading,
  device: `meter-${index}`,
  value: index / 8,
}));
let cost: () => Cost = startMeasuring();

answerCalls({
  listen: () =>
    new Promise((resolve) => {
      httpServer.listen(0, '127.0.0.1', () => resolve((httpServer.address() as AddressInfo).port));
    }),
  startMeasuring: () => {
    globalThis.gc?.();
    cost = startMeasuring();
  },
  cost: () => cost(),
  memory: () => memory(),
  /** Resolves when no connection is left of the load before. */
  async idle() {
    const count = promisify(httpServer.getConnections.bind(httpServer));
    while ((await count()) > 0) await new Promise((resolve) => setImmediate(resolve));
  },
  /** All in one tick. */
  emit: (events: number) => {
    for (let i = 0; i < events; i += 1) subject.emit({ ...reading, ts: reading.ts + i });
  },
  /** One event of some kilobytes. */
  emitPage: () => subject.emit(page),
  keepPackets: (count: number) => subject.io && keepPackets(subject.io, count),
  restore: (missed: number) => subject.io && restore(subject.io, missed),
});
