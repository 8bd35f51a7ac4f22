/** Devices that keep dashboards busy: real senders over Socket.IO, at a steady rate. */
import { io } from 'socket.io-client';
import { until, type HubProcess } from '../../support/hub-process.ts';

/** Twelve units, so that as many charts are drawn. */
const units = ['Cel', '%', 'W', 'V', 'A', 'hPa', 'lx', 'dB', 'm/s', 'L/min', 'kg', 'Hz'];

export interface BusyDevice extends Disposable {
  readonly group: string;
  readonly device: string;
  /** Sends one last time and no more. @returns what it sent, when the hub has acknowledged it */
  finish(): Promise<Readonly<Record<string, number>>>;
}

function describe(socket: ReturnType<typeof io>, metrics: number): void {
  const described = Array.from({ length: metrics }, (_, index) => ({
    metric: `m${String(index).padStart(3, '0')}`,
    title: `Metric ${index}`,
    unit: units[index % units.length],
    precision: 1,
  }));
  socket.emit('reported', { description: { title: 'Busy device', metrics: described } });
}

function valuesAt(timeMs: number, metrics: number): Record<string, number> {
  return Object.fromEntries(
    Array.from({ length: metrics }, (_, index) => [
      `m${String(index).padStart(3, '0')}`,
      20 + index + 5 * Math.sin(timeMs / (3000 + index * 40)) + Math.sin(timeMs / 190),
    ]),
  );
}

/** One device with so many metrics, each so often a second. */
export async function oneBusyDevice(hub: HubProcess, metrics: number, hz: number): Promise<BusyDevice> {
  const name = { group: 'busy', device: 'engine' };
  const token = await hub.createToken({
    name: 'engine',
    role: 'device',
    groups: [name.group],
    device: name.device,
  });
  const socket = io(`${hub.url}/${name.group}`, { auth: { token }, transports: ['websocket'] });
  socket.on('connect', () => describe(socket, metrics));
  const timer = setInterval(() => socket.emit('telemetry', valuesAt(Date.now(), metrics)), 1000 / hz);
  const path = `/api/v1/groups/${name.group}/devices/${name.device}`;
  await until(async () => (await hub.request(path)).ok, 10_000);
  return {
    ...name,
    finish: async () => {
      clearInterval(timer);
      const last = valuesAt(Date.now(), metrics);
      await socket.timeout(10_000).emitWithAck('telemetry', last);
      return last;
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** Many devices behind one gateway, two series each, once a second; spread over the second. */
export async function busyFleet(hub: HubProcess, devices: number): Promise<Disposable> {
  const group = 'fleet';
  const token = await hub.createToken({ name: 'gateway', role: 'gateway', groups: [group] });
  const socket = io(`${hub.url}/${group}`, { auth: { token }, transports: ['websocket'] });
  let next = 0;
  const slices = 20;
  const timer = setInterval(() => {
    for (let count = 0; count < devices / slices; count += 1) {
      const device = `sensor-${String(next).padStart(4, '0')}`;
      next = (next + 1) % devices;
      const timeMs = Date.now();
      socket.emit('telemetry', {
        device,
        values: { temperature: 20 + Math.sin(timeMs / 5000 + next), humidity: 50 + Math.cos(timeMs / 7000) },
      });
    }
  }, 1000 / slices);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}
