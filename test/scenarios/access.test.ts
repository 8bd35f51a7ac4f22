/** The same table of cases over HTTP, Socket.IO and MQTT: every protocol gives the same answer. */
import mqtt from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action } from '#contract/access.ts';
import { accessCases, places, tokens, type AccessCase, type Who } from '../suites/access-cases.ts';
import { HubProcess } from '../support/hub-process.ts';

interface Place {
  readonly group: string;
  readonly device: string;
}

/** Tries one action with one token. @param n unique, to recognise what was written. @returns was it allowed? */
type Probe = (token: string, place: Place, n: number) => Promise<boolean>;

let hub: HubProcess;
const secrets = new Map<Who, string>();

beforeAll(async () => {
  hub = await HubProcess.start();
  for (const [who, token] of Object.entries(tokens)) secrets.set(who as Who, await hub.createToken(token));
  for (const place of Object.values(places))
    if ('group' in place && 'device' in place) await write(hub.adminToken, place, 0);
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
});

const pathOf = ({ group, device }: Place): string => `/api/v1/groups/${group}/devices/${device}`;

/** 404 is how "you may not" sounds to who must not even know; 401 would be a broken token and fails the test. */
async function isAllowed(response: Response): Promise<boolean> {
  const text = await response.text();
  if (response.ok) return true;
  if (response.status === 403 || response.status === 404) return false;
  throw new Error(`HTTP ${response.status}: ${text}`);
}

async function write(token: string, place: Place, n: number): Promise<boolean> {
  const body = JSON.stringify({ probe: n });
  return isAllowed(await hub.request(`${pathOf(place)}/telemetry`, { method: 'POST', body }, token));
}

/** Did the reading really arrive there? The judge is the hub's latest value, asked by the admin. */
async function isWritten(place: Place, n: number): Promise<boolean> {
  const { items } = await hub.json<{ items: { metric: string; value: unknown }[] }>(
    `${pathOf(place)}/latest`,
  );
  return items.some((item) => item.metric === 'probe' && item.value === n);
}

const overHttp: Partial<Record<Action, Probe>> = {
  'telemetry:write': async (token, place, n) => {
    const allowed = await write(token, place, n);
    expect(await isWritten(place, n)).toBe(allowed);
    return allowed;
  },
  'event:write': async (token, place) =>
    isAllowed(
      await hub.request(`${pathOf(place)}/events`, { method: 'POST', body: '{"name":"boot"}' }, token),
    ),
  'reported:write': async (token, place, n) =>
    isAllowed(await hub.request(`${pathOf(place)}/reported`, { method: 'POST', body: `{"n":${n}}` }, token)),
  'readings:read': async (token, place) => isAllowed(await hub.request(`${pathOf(place)}/latest`, {}, token)),
  'device:read': async (token, place) => isAllowed(await hub.request(pathOf(place), {}, token)),
  'command:send': async (token, place) =>
    isAllowed(
      await hub.request(`${pathOf(place)}/commands`, { method: 'POST', body: '{"name":"blink"}' }, token),
    ),
};

interface Answer {
  readonly ok: boolean;
}

/** Undefined when the namespace refuses the token. */
async function connect(token: string, group: string): Promise<Socket | undefined> {
  const socket = io(`${hub.url}/${group}`, { auth: { token }, forceNew: true, reconnection: false });
  const connected = await new Promise<boolean>((resolve) => {
    socket.on('connect', () => resolve(true));
    socket.on('connect_error', () => resolve(false));
  });
  if (!connected) socket.disconnect();
  return connected ? socket : undefined;
}

function emitting(event: string, payload: (place: Place, n: number) => object): Probe {
  return async (token, place, n) => {
    const socket = await connect(token, place.group);
    if (socket === undefined) return false;
    const answer = (await socket.timeout(5000).emitWithAck(event, payload(place, n))) as Answer;
    socket.disconnect();
    return answer.ok;
  };
}

/** Answered `ok`, and about this place: a device's own principal may answer for itself only. */
const overSocketIo: Partial<Record<Action, Probe>> = {
  'telemetry:write': async (token, place, n) => {
    await emitting('telemetry', ({ device }) => ({ device, probe: n }))(token, place, n);
    return isWritten(place, n);
  },
  'readings:read': emitting('subscribe', ({ device }) => ({ devices: [device] })),
  'device:read': emitting('devices', () => ({})),
  'command:send': emitting('command', ({ device }) => ({ device, name: 'blink' })),
};

async function withMqtt(token: string, use: (client: mqtt.MqttClient) => Promise<boolean>): Promise<boolean> {
  const client = await mqtt.connectAsync(hub.mqtt, { username: 'x', password: token, reconnectPeriod: 0 });
  const closed = new Promise<boolean>((resolve) => client.once('close', () => resolve(false)));
  const allowed = await Promise.race([use(client).catch(() => false), closed]);
  await client.endAsync(true);
  return allowed;
}

const overMqtt: Partial<Record<Action, Probe>> = {
  'telemetry:write': async (token, place, n) => {
    const topic = `signalbox/${place.group}/${place.device}/telemetry/probe`;
    const allowed = await withMqtt(token, async (client) => {
      await client.publishAsync(topic, String(n), { qos: 1 });
      return true;
    });
    expect(await isWritten(place, n)).toBe(allowed);
    return allowed;
  },
  'command:receive': async (token, place) =>
    withMqtt(token, async (client) => {
      const grants = await client.subscribeAsync(`signalbox/${place.group}/${place.device}/commands/+`, {
        qos: 1,
      });
      return grants.every((grant) => grant.qos < 128);
    }),
};

async function disagreements(
  probes: Partial<Record<Action, Probe>>,
): Promise<{ tried: number; wrong: AccessCase[] }> {
  const wrong: AccessCase[] = [];
  let tried = 0;
  for (const entry of accessCases) {
    const place = places[entry.place];
    const probe = probes[entry.action];
    if (probe === undefined || !('group' in place) || !('device' in place)) continue;
    tried += 1;
    const allowed = await probe(secrets.get(entry.who) ?? '', place, tried);
    if (allowed !== entry.allowed) wrong.push(entry);
  }
  return { tried, wrong };
}

describe('Access: one table, three protocols', () => {
  for (const [protocol, probes] of Object.entries({
    HTTP: overHttp,
    'Socket.IO': overSocketIo,
    MQTT: overMqtt,
  }))
    test(`${protocol} agrees with the table in every cell`, { timeout: 60_000 }, async () => {
      const { tried, wrong } = await disagreements(probes);
      expect(tried).toBe(Object.keys(probes).length * Object.keys(tokens).length * 3);
      expect(wrong).toEqual([]);
    });

  test('without a token every door is shut', async () => {
    expect((await fetch(`${hub.url}/api/v1/groups`)).status).toBe(401);
    expect(await connect('', 'plant')).toBeUndefined();
    await expect(mqtt.connectAsync(hub.mqtt, { reconnectPeriod: 0 }, false)).rejects.toThrow();
  });
});

describe('Access: a revoked token ends its live connections', () => {
  test('Socket.IO, MQTT and HTTP within 5 s', { timeout: 30_000 }, async () => {
    const { secret, info } = await hub.json<{ secret: string; info: { id: string } }>('/api/v1/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'short-lived', role: 'gateway', groups: ['plant'] }),
    });
    const socket = await connect(secret, 'plant');
    const client = await mqtt.connectAsync(hub.mqtt, { username: 'x', password: secret, reconnectPeriod: 0 });
    const ended = Promise.all([
      new Promise((resolve) => socket?.on('disconnect', resolve)),
      new Promise((resolve) => client.on('close', () => resolve(undefined))),
    ]);
    const revokedAt = performance.now();
    await hub.request(`/api/v1/tokens/${info.id}`, { method: 'DELETE' });
    await ended;
    expect(performance.now() - revokedAt).toBeLessThan(5000);
    const later = await hub.request(
      '/api/v1/groups/plant/devices/pump/telemetry',
      { method: 'POST', body: '{"x":1}' },
      secret,
    );
    expect(later.status).toBe(401);
  });
});

describe('Access: a token that is narrowed', () => {
  test(
    'takes what is open with it at once, and lets its clients come back to the rest',
    { timeout: 30_000 },
    async () => {
      const { secret, info } = await hub.json<{ secret: string; info: { id: string } }>('/api/v1/tokens', {
        method: 'POST',
        body: JSON.stringify({ name: 'wall', role: 'viewer', groups: ['plant', 'office'] }),
      });
      const client = await mqtt.connectAsync(hub.mqtt, {
        username: 'x',
        password: secret,
        reconnectPeriod: 0,
      });
      const [fleet, office] = ['/', '/office'].map((namespace) =>
        io(`${hub.url}${namespace}`, { auth: { token: secret }, reconnectionDelay: 10 }),
      ) as [Socket, Socket];
      const groupsOf = async (): Promise<unknown> => {
        const { latest } = (await fleet.timeout(5000).emitWithAck('subscribe', {})) as { latest: [string][] };
        return new Set(latest.map(([name]) => name.split('/', 1)[0]));
      };
      await office.timeout(5000).emitWithAck('subscribe', {});
      expect(await groupsOf()).toEqual(new Set(['plant', 'office']));

      const frames: unknown[] = [];
      const refused = new Promise<Error>((resolve) => office.on('connect_error', resolve));
      const closed = new Promise((resolve) => client.on('close', () => resolve(undefined)));
      const back = new Promise((resolve) => fleet.io.on('reconnect', resolve));
      const patch = { method: 'PATCH', body: '{"groups":["plant"]}' };
      expect(await hub.json(`/api/v1/tokens/${info.id}`, patch)).toMatchObject({ groups: ['plant'] });
      for (const socket of [fleet, office]) socket.on('readings', (frame) => frames.push(frame));
      await write(hub.adminToken, places['foreign device'], 7);

      expect((await refused).message).toBe('Invalid namespace');
      await Promise.all([closed, back]);
      expect(await groupsOf()).toEqual(new Set(['plant']));
      expect(frames).toEqual([]);
      const away = await hub.request('/api/v1/groups/office/devices', {}, secret);
      expect(away.status).toBe(404);
      for (const socket of [fleet, office]) socket.disconnect();
    },
  );
});

describe('Access: a page of another origin gets nowhere, whatever its cookies', () => {
  const handshake = '/socket.io/?EIO=4&transport=';

  async function poll(origin: string): Promise<number> {
    const response = await fetch(`${hub.url}${handshake}polling`, { headers: { origin } });
    await response.text();
    return response.status;
  }

  /** @returns the status of the upgrade: 101 when it went through */
  async function upgrade(origin: string): Promise<number> {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}${handshake}websocket`, { origin });
    const status = await new Promise<number>((resolve) => {
      socket.on('upgrade', (response) => resolve(response.statusCode ?? 0));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => {}); // the refusal itself was seen above
    });
    socket.terminate();
    return status;
  }

  test('neither by long-polling nor by WebSocket', async () => {
    for (const origin of ['https://evil.example', 'null', `${hub.url}.evil.example`]) {
      expect(await poll(origin)).toBe(403);
      expect(await upgrade(origin)).not.toBe(101);
    }
  });

  test("while the hub's own pages do", async () => {
    expect(await poll(hub.url)).toBe(200);
    expect(await upgrade(hub.url)).toBe(101);
  });
});
