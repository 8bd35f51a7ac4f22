/** The HTTP routes of the stub hub: session, status, inbox; and the policy headers that the page must live with. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { grants } from '#contract/access.ts';
import type { Grant, TokenInfo } from '#contract/access.ts';
import type { HubStatus } from '#contract/status.ts';
import type { StubHub } from './stub-hub.ts';
import { addKeepingRoutes } from './stub-keeping.ts';
import { problem } from './stub-problem.ts';

export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The code of the login link; a hub takes it once. */
export const loginCode = 'first-code';
export const token = 'stub-token';

export function isLoggedIn(hub: StubHub, cookie: string | undefined): boolean {
  const session = /signalbox_session=([^;]+)/.exec(cookie ?? '')?.[1];
  return session !== undefined && hub.sessions.has(session);
}

export function addRoutes(http: FastifyInstance, hub: StubHub): void {
  const who = () => ({ name: 'Ada', role: hub.role, groups: '*', actions: grants[hub.role] });
  http.addHook('onSend', async (_request, reply) => void reply.header('content-security-policy', policy));
  http.addHook('onRequest', async (request, reply) => {
    const isOpen = !request.url.startsWith('/api/') || request.url === '/api/v1/session';
    if (!isOpen && !isLoggedIn(hub, request.headers.cookie)) return problem(reply, 401, 'unauthenticated');
  });
  http.get('/api/v1/session', async (request, reply) =>
    isLoggedIn(hub, request.headers.cookie) ? who() : problem(reply, 401, 'unauthenticated'),
  );
  http.post('/api/v1/session', async (request, reply) => {
    const body = request.body as { code?: string; token?: string };
    const isGood = body.token === token || (body.code === loginCode && !hub.usedCodes.has(loginCode));
    if (!isGood) return problem(reply, 401, 'unauthenticated');
    if (body.code !== undefined) hub.usedCodes.add(body.code);
    const session = randomUUID();
    hub.sessions.add(session);
    void reply.header('set-cookie', `signalbox_session=${session}; HttpOnly; SameSite=Strict; Path=/`);
    return who();
  });
  http.delete('/api/v1/session', async (_request, reply) => {
    hub.sessions.clear();
    return await reply.code(204).send();
  });
  http.get('/api/v1/status', async () => statusOf(hub));
  http.put('/api/v1/session', async () => who());
  http.get('/api/v1/tokens', async () => ({ items: hub.tokens }));
  http.post('/api/v1/tokens', async (request, reply) => {
    const info = { ...(request.body as Grant), id: `t${hub.tokens.length}`, createdAt: Date.now() };
    hub.tokens.unshift(info);
    return await reply.code(201).send({ secret: `sbx_secret_of_${info.id}`, info });
  });
  http.patch('/api/v1/tokens/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    const index = hub.tokens.findIndex((known) => known.id === id);
    const patch = request.body as Partial<Grant>;
    if (patch.name === 'refused')
      return await problem(reply, 400, 'invalid-token', 'A device belongs to exactly one group.');
    hub.tokenPatches.push({ id, ...patch });
    hub.tokens[index] = { ...(hub.tokens[index] as TokenInfo), ...patch };
    return hub.tokens[index];
  });
  http.delete('/api/v1/tokens/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    hub.tokens.splice(
      hub.tokens.findIndex((known) => known.id === id),
      1,
    );
    return await reply.code(204).send();
  });
  http.get('/api/v1/audit', async () => ({ items: audit }));
  http.get('/api/v1/mappings', async () => ({ items: [] }));
  http.get('/api/v1/inbox', async () => ({ items: hub.inbox }));
  addKeepingRoutes(http, hub);
}

const audit = [
  {
    at: Date.now() - 60_000,
    principal: 'session:4f1c',
    address: '192.168.1.20',
    action: 'token:create',
    target: 't1',
    outcome: 'ok',
  },
  {
    at: Date.now() - 90_000,
    principal: 'nobody',
    address: '192.168.1.66',
    action: 'session:create',
    target: 'session',
    outcome: 'refused',
  },
];

function statusOf(hub: StubHub): HubStatus {
  return {
    state: 'ok',
    version: '0.1.0',
    epoch: 'stub-epoch',
    startedAt: Date.now() - 93_000_000,
    starts: { recent: 1, uncleanEnds: 0, looping: false },
    edges: [
      { name: 'http', state: 'up', address: '127.0.0.1:8080', connections: 3 },
      { name: 'socketio', state: 'up', address: '127.0.0.1:8080', connections: 9 },
      { name: 'mqtt', state: 'up', address: '127.0.0.1:1883', connections: 8 },
      {
        name: 'mqtt:house',
        state: 'up',
        address: 'mqtt://192.168.1.10:1883',
        messages: { received: 12_840, acknowledged: 12_838 },
        reconnects: 2,
        droppedByBroker: 7,
        advice: 'While the hub is away the broker keeps what its queue for our session holds.',
      },
      {
        name: 'influxdb',
        state: 'degraded',
        address: 'http://127.0.0.1:8086',
        detail: 'Connection refused; trying again in 8 s.',
      },
    ],
    store: {
      bytes: 48_213_000,
      head: hub.head,
      merged: Math.max(0, hub.head - 420),
      series: 71,
      spool: { waiting: 4210, bytes: 812_000, maxBytes: 1_073_741_824, ageSeconds: 37.4 },
    },
    sockets: {
      connections: 9,
      queuedBytes: 18_400,
      slow: 1,
      lastCloses: [
        {
          reason: 'slow consumer',
          transport: 'websocket',
          ageMs: 481_000,
          bufferedBytes: 262_144,
          roundTripMs: 840,
          closedAt: Date.now() - 62_000,
        },
      ],
    },
    devices: { groups: 2, total: 15, online: 13 },
    counters: {
      'ingest.rejected/out-of-range': 3,
      'live.skipped/slow-consumer': 12,
      'mqtt.refused/bad-token': 1,
      'ingest.repeat/by-time': 57,
    },
    memoryRss: 118_400_000,
    adminUi: false,
    ...hub.trouble,
  };
}
