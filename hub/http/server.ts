/** The HTTP edge: one node server, shared with the Socket.IO server that attaches to it before it listens. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { EdgeStatus } from '#contract/status.ts';
import type { Edge } from '#ports';
import { buildApp } from './app.ts';
import type { App, HttpParts, HttpTimeouts, Routes } from './parts.ts';
import { auditRoutes } from './routes/audit.ts';
import { backupRoutes } from './routes/backup.ts';
import { commandRoutes } from './routes/commands.ts';
import { deviceFileRoutes } from './routes/device-files.ts';
import { deviceManagementRoutes } from './routes/device-management.ts';
import { deviceRoutes } from './routes/devices.ts';
import { docsRoutes } from './routes/docs.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/export.ts';
import { groupRoutes } from './routes/groups.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { importRoutes } from './routes/import.ts';
import { influxHealthRoutes } from './routes/influx-health.ts';
import { influxQueryRoutes } from './routes/influx-query.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { loginCodeRoutes } from './routes/login-codes.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { pageRoutes } from './routes/pages.ts';
import { quarantineRoutes } from './routes/quarantine.ts';
import { replayRoutes } from './routes/replay.ts';
import { reportedRoutes } from './routes/reported.ts';
import { retentionRoutes } from './routes/retention.ts';
import { sessionRoutes } from './routes/session.ts';
import { statusRoutes } from './routes/status.ts';
import { telemetryRoutes } from './routes/telemetry.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { traceRoutes } from './routes/trace.ts';
import { twinRoutes } from './routes/twin.ts';
import { writeRoutes } from './routes/write.ts';

export type { HttpParts, HttpTimeouts, Routes } from './parts.ts';

const defaultTimeouts: HttpTimeouts = {
  requestMs: 30_000,
  headersMs: 10_000,
  checkMs: 2000,
  keepAliveMs: 30_000,
  stopMs: 5000,
};

export const allRoutes: readonly Routes[] = [
  telemetryRoutes,
  writeRoutes,
  eventRoutes,
  reportedRoutes,
  groupRoutes,
  deviceRoutes,
  deviceManagementRoutes,
  deviceFileRoutes,
  twinRoutes,
  historyRoutes,
  exportRoutes,
  importRoutes,
  commandRoutes,
  inboxRoutes,
  mappingRoutes,
  quarantineRoutes,
  traceRoutes,
  replayRoutes,
  auditRoutes,
  retentionRoutes,
  backupRoutes,
  tokenRoutes,
  loginCodeRoutes,
  sessionRoutes,
  statusRoutes,
  healthRoutes,
  influxHealthRoutes,
  influxQueryRoutes,
  metricsRoutes,
  docsRoutes,
  pageRoutes,
];

/** Builds the edge; nothing listens yet. @throws a route declares no permission */
export async function createHttpEdge(
  parts: HttpParts,
  routes: readonly Routes[] = allRoutes,
): Promise<HttpEdge> {
  const timeouts = { ...defaultTimeouts, ...parts.timeouts };
  return new HttpEdge(parts, await buildApp(parts, timeouts, routes), timeouts);
}

export class HttpEdge implements Edge {
  /** Other listeners attach here, before `start`. */
  readonly server: Server;
  readonly #parts: HttpParts;
  readonly #app: App;
  readonly #timeouts: HttpTimeouts;
  #state: EdgeStatus['state'] = 'starting';
  #connections = 0;

  constructor(parts: HttpParts, app: App, timeouts: HttpTimeouts) {
    this.#parts = parts;
    this.#app = app;
    this.#timeouts = timeouts;
    this.server = app.server;
    this.server.on('connection', (socket) => {
      this.#connections += 1;
      socket.once('close', () => (this.#connections -= 1));
    });
    // A client that goes on over the same connection would keep it open for ever.
    this.server.prependListener('request', (_request, response) => {
      if (this.#state === 'stopped') response.setHeader('connection', 'close');
    });
    this.server.on('drop', () => parts.counters.count('http.refused', 'too-many-connections'));
  }

  /** Where it listens, as a program on this machine reaches it. */
  get url(): string {
    const { address, port } = this.#address();
    const wildcards: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '127.0.0.1' };
    const host = wildcards[address] ?? address;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /** A request without a network, for tests. */
  inject(options: InjectOptions): Promise<LightMyRequestResponse> {
    return this.#app.inject(options);
  }

  /** @throws the address is taken or not ours: the system's error with its `code` */
  async start(): Promise<void> {
    const { host, port } = this.#parts;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    this.server.on('error', (error) => this.#parts.log.error('The HTTP server failed.', { error }));
    this.#state = 'up';
    this.#parts.log.info('HTTP listens.', { url: this.url });
  }

  /** Takes no new connection, lets running requests end, then closes what is left. */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    if (this.server.listening) await this.#closeServer();
    await this.#app.close();
  }

  status(): EdgeStatus {
    const common = { name: 'http', state: this.#state, connections: this.#connections };
    if (!this.server.listening) return common;
    const { address, port } = this.#address();
    return { ...common, address: `${address.includes(':') ? `[${address}]` : address}:${port}` };
  }

  async #closeServer(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const { promise: overdue, resolve } = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(this.#timeouts.stopMs, resolve);
    await Promise.race([closed, overdue]);
    cancel();
    this.server.closeAllConnections();
  }

  #address(): AddressInfo {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The HTTP server does not listen.');
    return address;
  }
}
