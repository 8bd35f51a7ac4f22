/**
 * Commands while the hub is killed at random: people send with ids of their own and ask again until they are answered,
 * devices write down what they ran. In the end the hub's records are compared with what people and devices saw.
 */
import { io } from 'socket.io-client';
import { isFinal, mayMove, type CommandRecord } from '#contract/command.ts';
import { seededRandom } from '../../../simulators/signals/noise.ts';
import { HubProcess, until } from '../../support/hub-process.ts';
import { mqttDevice, socketIoDevice, type CommandDevice } from './command-devices.ts';

const group = 'plant';
const people = 4;
const names = ['quick', 'quick', 'slow', 'broken', 'silent'];
const longestTtlMs = 2000;
const requestDeadlineMs = 3000;

export interface CommandTally {
  readonly kills: number;
  /** Answered with 202, so that the hub has promised to keep it. */
  readonly promised: number;
  /** Promised, but unknown to the hub: must be 0, as all that follow. */
  readonly forgotten: number;
  readonly unfinished: number;
  /** More than one final state, in the records or told to dashboards, or a step that the table does not allow. */
  readonly manyEnds: number;
  readonly ranTwice: number;
  readonly ranLate: number;
  readonly sentLate: number;
  /** Said to have succeeded, but never ran. */
  readonly falseSuccess: number;
  /** Said never to have reached the device, but ran. */
  readonly falseFailure: number;
  readonly ran: number;
  /** Arrived after the deadline and refused by the device: what is on the wire is out of the hub's hands. */
  readonly refusedByDevice: number;
  /** How they ended: state and code. */
  readonly ends: Readonly<Record<string, number>>;
}

export async function runCommandCrashes({
  seed,
  kills,
}: {
  seed: number;
  kills: number;
}): Promise<CommandTally> {
  const random = seededRandom(seed);
  await using hub = await HubProcess.start();
  const devices = await startDevices(hub);
  const tokens = await Promise.all(
    Array.from({ length: people }, (_, index) =>
      hub.createToken({ name: `person ${index}`, role: 'operator', groups: [group] }),
    ),
  );
  const ends = watchEnds(hub.url, tokens[0] ?? '');
  const promised = new Set<string>();
  const stopped = new AbortController();
  const persons = tokens.map((token, index) =>
    sendCommands({ hub, token, name: `p${index}`, devices, random, promised, stopped: stopped.signal }),
  );
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(100 + random() * 900);
      await hub.kill();
      await hub.start();
    }
    await pause(300);
    stopped.abort();
    await Promise.all(persons);
    const records = await finished(hub, devices);
    return { kills, ...judge(records, promised, devices, ends.seen) };
  } finally {
    stopped.abort();
    ends.close();
    await Promise.all(devices.map((device) => device.close()));
  }
}

async function startDevices(hub: HubProcess): Promise<readonly CommandDevice[]> {
  const token = await hub.createToken({ name: 'devices', role: 'gateway', groups: [group] });
  const devices: CommandDevice[] = [];
  for (let index = 0; index < 4; index += 1) {
    devices.push(socketIoDevice({ url: hub.url, token, group, name: `socket-${index}` }));
    const name = `mqtt-${index}`;
    const own = await hub.createToken({ name, role: 'device', groups: [group], device: name });
    devices.push(await mqttDevice({ url: hub.mqtt, token: own, group, name }));
  }
  for (const { name } of devices)
    await hub.json(`/api/v1/groups/${group}/devices/${name}/telemetry`, { method: 'POST', body: '{"n":1}' });
  await until(() => devices.every((device) => device.isThere()), 10_000);
  return devices;
}

interface Person {
  readonly hub: HubProcess;
  readonly token: string;
  readonly name: string;
  readonly devices: readonly CommandDevice[];
  readonly random: () => number;
  readonly promised: Set<string>;
  readonly stopped: AbortSignal;
}

/** One command after the other; what was not answered is asked for again with the same id. */
async function sendCommands({ hub, token, name, devices, random, promised, stopped }: Person): Promise<void> {
  for (let count = 0; !stopped.aborted; count += 1) {
    const device = devices[Math.floor(random() * devices.length)];
    if (device === undefined) return;
    const id = `${name}-${count}`;
    const body = {
      id,
      name: names[Math.floor(random() * names.length)],
      ttlMs: 100 + Math.floor(random() * (longestTtlMs - 100)),
      waitForDevice: random() < 0.5,
      supersede: random() < 0.2,
    };
    if (random() < 0.1) goAwayFor(device, random() * 600);
    const path = `/api/v1/groups/${group}/devices/${device.name}/commands`;
    while (!stopped.aborted) {
      const status = await post(`${hub.url}${path}`, token, body);
      if (status === 202) promised.add(id);
      if (status !== undefined) break;
      await pause(50);
    }
    await pause(20 + random() * 80);
  }
}

function goAwayFor(device: CommandDevice, ms: number): void {
  device.leave();
  setTimeout(() => device.comeBack(), ms);
}

/** Undefined: no answer; nobody knows whether the hub has it. */
async function post(url: string, token: string, body: object): Promise<number | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(requestDeadlineMs),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return undefined;
  }
}

/** The final states that a dashboard is told, per command. */
function watchEnds(url: string, token: string): { seen: Map<string, Set<string>>; close: () => void } {
  const seen = new Map<string, Set<string>>();
  const socket = io(`${url}/${group}`, { auth: { token }, transports: ['websocket'], forceNew: true });
  socket.on('command', ({ id, state }: CommandRecord) => {
    if (isFinal(state)) seen.set(id, (seen.get(id) ?? new Set()).add(state));
  });
  return { seen, close: () => void socket.disconnect() };
}

/** All commands, once none of them can still be under way. */
async function finished(
  hub: HubProcess,
  devices: readonly CommandDevice[],
): Promise<readonly CommandRecord[]> {
  const ofDevice = async ({ name }: CommandDevice): Promise<readonly CommandRecord[]> =>
    (
      await hub.json<{ items: CommandRecord[] }>(
        `/api/v1/groups/${group}/devices/${name}/commands?limit=1000`,
      )
    ).items;
  const list = async (): Promise<readonly CommandRecord[]> =>
    (await Promise.all(devices.map(ofDevice))).flat();
  await pause(longestTtlMs + 500);
  await until(async () => (await list()).every(({ state }) => isFinal(state)), 5000).catch(() => undefined);
  return list();
}

function judge(
  records: readonly CommandRecord[],
  promised: ReadonlySet<string>,
  devices: readonly CommandDevice[],
  seen: ReadonlyMap<string, ReadonlySet<string>>,
): Omit<CommandTally, 'kills'> {
  const runs = devices.flatMap((device) => device.ran);
  const ran = new Set(runs.map(({ id }) => id));
  const known = new Set(records.map(({ id }) => id));
  const ends: Record<string, number> = {};
  for (const { state, error } of records) {
    const end = error === undefined ? state : `${state} ${error.code}`;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return {
    promised: promised.size,
    forgotten: [...promised].filter((id) => !known.has(id)).length,
    unfinished: records.filter(({ state }) => !isFinal(state)).length,
    manyEnds: records.filter((record) => !endsOnce(record, seen.get(record.id))).length,
    ranTwice: runs.length - ran.size,
    ranLate: runs.filter(({ atMs, deadline }) => atMs > deadline).length,
    sentLate: records.filter(({ history, deadline }) =>
      history.some(({ state, at }) => state === 'sent' && at > deadline),
    ).length,
    falseSuccess: records.filter(({ id, state }) => state === 'succeeded' && !ran.has(id)).length,
    falseFailure: records.filter((record) => neverReached(record) && ran.has(record.id)).length,
    ran: ran.size,
    refusedByDevice: devices.reduce((sum, device) => sum + device.refused.length, 0),
    ends,
  };
}

function endsOnce({ state, history }: CommandRecord, told: ReadonlySet<string> = new Set()): boolean {
  const states = history.map((step) => step.state);
  const isAllowed = states.every((to, index) => index === 0 || mayMove(states[index - 1] ?? to, to));
  return isAllowed && states.at(-1) === state && [...told].every((end) => end === state);
}

function neverReached({ state, error }: CommandRecord): boolean {
  return state === 'superseded' || error?.code === 'offline' || error?.code === 'not-reached';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
