/** The hub and its peers, each a process that takes MQTT and serves dashboards. */
import { join } from 'node:path';
import { HubProcess } from '../../support/hub-process.ts';
import { WorkerProcess } from '../support/worker-process.ts';
import type { DashboardTarget } from './dashboard.ts';

export const group = 'bench';
/** Node's flag for every subject. */
const collecting = `--import=${new URL('collect-on-signal.ts', import.meta.url).href}`;

export interface Subject extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly mqtt: string;
  /** For devices: the password. */
  readonly token: string;
  /** Of the dashboards' `mark`: those in each frame beside those of its readings. */
  readonly marksPerFrame: number;
  /** Dashboard number `index`; the number matters where each has a view of its own. */
  target(index: number): DashboardTarget;
}

export interface HubSubject extends Subject {
  readonly hub: HubProcess;
  /** A dashboard with these views. */
  watching(...specs: readonly object[]): DashboardTarget;
}

/** @param specOf the view of each dashboard; every reading at 10 Hz, the same for all, if not said */
export async function startHub(
  name = 'hub',
  specOf: (index: number) => object = () => ({ mode: 'raw', maxHz: 10 }),
  { flags, folder }: { readonly flags?: readonly string[]; readonly folder?: string } = {},
): Promise<HubSubject> {
  const hub = await HubProcess.start(['--log-level', 'warn', ...(flags ?? [])], folder, {
    NODE_OPTIONS: [process.env['NODE_OPTIONS'], collecting].join(' '),
  });
  // A group exists from its first reading on.
  await hub.json(`/api/v1/groups/${group}/devices/d0/telemetry`, { method: 'POST', body: '{"first":1}' });
  const viewer = await hub.createToken({ name: 'dashboards', role: 'viewer', groups: [group] });
  const watching = (...specs: readonly object[]): DashboardTarget => ({
    port: Number(new URL(hub.url).port),
    connect: `40/${group},${JSON.stringify({ token: viewer })}`,
    ask: specs.map((spec, index) => `42/${group},${index}${JSON.stringify(['subscribe', spec])}`),
    readings: `42/${group},["readings"`,
    // A metric and its value; `view`, `offset`, `time` and `readings` have one too.
    mark: ':',
  });
  return {
    name,
    hub,
    pid: hub.pid,
    mqtt: hub.mqtt,
    token: await hub.createToken({ name: 'devices', role: 'gateway', groups: [group] }),
    marksPerFrame: 4,
    watching,
    target: (index) => watching(specOf(index)),
    async [Symbol.asyncDispose]() {
      // In an orderly way, so that `NODE_OPTIONS=--cpu-prof` profiles it.
      await hub.stop();
      await hub[Symbol.asyncDispose]();
    },
  };
}

/** How each peer is called, how its frames with readings begin, and how they are counted. */
const shapes = {
  each: {
    name: 'socket.io (a), one emit per reading',
    readings: '42["reading"',
    mark: '[',
    marksPerFrame: 1,
  },
  batches: {
    name: 'socket.io (b), a batch each 100 ms',
    readings: '42["readings"',
    mark: '[',
    marksPerFrame: 2,
  },
  bare: {
    name: 'the floor: bare writes of the frames',
    readings: `42/${group},["readings"`,
    mark: ':',
    marksPerFrame: 4,
  },
} as const;

export async function startPeer(kind: keyof typeof shapes): Promise<Subject> {
  const worker = new WorkerProcess(join(import.meta.dirname, 'peer-process.ts'), [kind], [collecting]);
  const { port, mqtt } = await worker.call<{ port: number; mqtt: string }>('listen');
  const { name, marksPerFrame, ...frames } = shapes[kind];
  return {
    name,
    pid: worker.pid,
    mqtt,
    token: '',
    marksPerFrame,
    target: () => ({ port, connect: '40', ask: [], ...frames }),
    [Symbol.asyncDispose]: () => worker.end(),
  };
}
