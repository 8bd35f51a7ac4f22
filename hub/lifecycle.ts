/**
 * Wires the parts and starts them in order: store, core, edges. Ready means true: everything listens.
 * Stops in the other direction: sources first, then what they fill, the store last.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { arrivalSummary } from './arrival-summary.ts';
import type { HubConfig } from './config.ts';
import { startCore, type Core } from './core.ts';
import type { HubStatus, SocketsStatus, StartsStatus } from './contract/status.ts';
import { prepareDataFolder, removeAddress, writeAddress } from './data-folder.ts';
import { projectFolder } from './folders.ts';
import { createHttpEdge, type HttpEdge } from './http/server.ts';
import { InfluxBehind } from './influx-behind.ts';
import { Metrics } from './metrics.ts';
import { brokersOf, openKept, type Kept } from './mqtt-bridge.ts';
import { FairTurns } from './namespaces/fair-turns.ts';
import { attachNamespaces } from './namespaces/namespaces.ts';
import { CounterBoard } from './observe.ts';
import type { Clock, Edge, Log } from './ports.ts';
import { closeGently, createSocketServer, socketsStatus } from './socket-server.ts';
import { StartBook } from './start-book.ts';

export interface HubParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** Uniform bytes for tokens and ids. */
  readonly random: (bytes: number) => Uint8Array;
}

export interface RunningHub {
  readonly url: string;
  /** Absent without the embedded broker. */
  readonly mqtt: string | undefined;
  status(): Promise<HubStatus>;
  /** Stops accepting, flushes, closes. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts one hub. Whatever was started is stopped again when a later part fails. */
export async function startHub(config: HubConfig, parts: HubParts): Promise<RunningHub> {
  const undo: (() => Promise<void>)[] = [];
  try {
    return await new Hub(config, parts, undo).start();
  } catch (error) {
    await undoAll(undo, parts.log);
    throw error;
  }
}

/** Every step is taken, whatever became of the one before: the store is closed last and must be. */
async function undoAll(undo: readonly (() => Promise<void>)[], log: Log): Promise<void> {
  for (const step of undo.toReversed()) {
    try {
      await step();
    } catch (error) {
      log.error('A part did not stop cleanly.', { error });
    }
  }
}

/** A broker has sent its retained messages long before. */
const arrivalsAfterMs = 20_000;
const noSockets: SocketsStatus = { connections: 0, queuedBytes: 0, slow: 0, lastCloses: [] };

const noStarts: StartsStatus = { recent: 1, uncleanEnds: 0, looping: false };

class Hub {
  readonly #config: HubConfig;
  readonly #parts: HubParts;
  readonly #undo: (() => Promise<void>)[];
  readonly #counters = new CounterBoard();
  readonly #metrics = new Metrics();
  readonly #influx: InfluxBehind;
  #sockets: () => SocketsStatus = () => noSockets;
  readonly #startedAt: number;
  #starts: StartBook | undefined;
  #state: HubStatus['state'] = 'starting';
  #edges: readonly Edge[] = [];
  #stopping: Promise<void> | undefined;

  constructor(config: HubConfig, parts: HubParts, undo: (() => Promise<void>)[]) {
    this.#config = config;
    this.#parts = parts;
    this.#undo = undo;
    this.#influx = new InfluxBehind(config, { ...parts, counters: this.#counters });
    this.#startedAt = parts.clock.nowUs() / 1000;
  }

  async start(): Promise<RunningHub> {
    const { dataFolder } = this.#config;
    prepareDataFolder(dataFolder);
    this.#starts = new StartBook(dataFolder, this.#startedAt);
    if (this.#starts.status().looping)
      this.#parts.log.warn(
        'The hub ended several times in a row without being asked to.',
        this.#starts.status(),
      );
    const base = await startCore({
      config: this.#config,
      ...this.#parts,
      counters: this.#counters,
      metrics: this.#metrics,
      influx: this.#influx,
      undo: this.#undo,
    });
    const bridge = { ...this.#parts, counters: this.#counters };
    const core = { ...base, ...(await openKept({ ...base, ...bridge }, this.#config)) };
    // Before what fills it, so that it is stopped after: what was taken last is still written.
    const databases = await this.#influx.start(core.store);
    this.#undo.push(() => this.#influx.stop());
    const http = await this.#startHttp(core);
    const brokers = await this.#startBrokers(core, http);
    this.#edges = [http, ...brokers.edges, ...databases];
    this.#metrics.watchProcess();
    this.#undo.push(async () => this.#metrics.stop());
    this.#state = 'ok';
    const startedAt = this.#startedAt;
    writeAddress(dataFolder, {
      pid: process.pid,
      url: http.url,
      publicUrl: this.#config.http.publicUrl,
      mqtt: brokers.mqtt,
      version: this.#parts.version,
      startedAt,
    });
    this.#undo.push(async () => removeAddress(dataFolder));
    this.#undo.push(async () => core.store.journal.stopLingering());
    return {
      url: http.url,
      mqtt: brokers.mqtt,
      status: () => this.#status(core),
      stop: () => (this.#stopping ??= this.#stop()),
    };
  }

  async #startHttp(core: Core & Kept): Promise<HttpEdge> {
    const { clock, log, version } = this.#parts;
    const { host, port, origins } = this.#config.http;
    const { store } = core;
    const counters = this.#counters;
    const dashboardsFolder = join(projectFolder, 'dashboards/dist');
    const http = await createHttpEdge({
      ...core,
      host,
      port,
      allowedOrigins: origins,
      writeDeviceTags: this.#config.writeDeviceTags,
      management: core.devices.management,
      inbox: store.inbox,
      quarantine: store.quarantine,
      audit: store.audit,
      replay: this.#influx.replay,
      status: () => this.#status(core),
      ready: () => this.#state === 'ok',
      metrics: {
        contentType: this.#metrics.contentType,
        text: async () => this.#metrics.text(await this.#status(core)),
      },
      ...(existsSync(join(dashboardsFolder, 'index.html')) ? { dashboardsFolder } : {}),
      adminUi: this.#config.adminUi,
      clock,
      log,
      counters,
      version,
    });
    const turns = new FairTurns(clock);
    const io = createSocketServer(http.server, { origins, log, counters, turns });
    this.#sockets = () => socketsStatus(io);
    attachNamespaces({
      io,
      ...core,
      inbox: store.inbox,
      turns,
      clock,
      log,
      counters,
      adminUi: this.#config.adminUi,
    });
    // Together, because each would wait for connections that only the other ends.
    this.#undo.push(async () => void (await Promise.all([http.stop(), closeGently(io)])));
    await http.start();
    return http;
  }

  async #startBrokers(
    core: Core & Kept,
    http: HttpEdge,
  ): Promise<{ edges: readonly Edge[]; mqtt: string | undefined }> {
    const { clock, log } = this.#parts;
    const brokers = await brokersOf(
      { ...core, clock, log, counters: this.#counters },
      this.#config,
      http.server,
    );
    const { embedded, external } = brokers;
    const edges = [...(embedded === undefined ? [] : [embedded]), ...external];
    for (const broker of edges) {
      await broker.start();
      this.#undo.push(() => broker.stop());
    }
    if (external.length > 0) this.#tellArrivalsSoon(core);
    const address = embedded?.status().address;
    return {
      edges,
      mqtt: address === undefined ? undefined : `mqtt://${address}`,
    };
  }

  /** An existing network has answered our subscription by then: its owner reads what was understood of it. */
  #tellArrivalsSoon({ store, devices }: Core): void {
    const { clock, log } = this.#parts;
    const tell = async (): Promise<void> => {
      const inbox = await store.inbox.topics();
      log.info(`Understood so far: ${arrivalSummary(devices.groups(), inbox.length)}.`);
    };
    const cancel = clock.after(arrivalsAfterMs, () => {
      tell().catch((error: unknown) => log.warn('The arrivals could not be counted.', { error }));
    });
    this.#undo.push(async () => cancel());
  }

  async #status({ store, devices }: Core): Promise<HubStatus> {
    const storeStatus = await store.status();
    const edges = this.#edges.map((edge) => edge.status());
    const groups = devices.groups();
    const isShort = storeStatus.disk?.state === 'short';
    const well = storeStatus.failing === undefined && !isShort && edges.every((edge) => edge.state === 'up');
    return {
      state: this.#state === 'ok' && !well ? 'degraded' : this.#state,
      version: this.#parts.version,
      epoch: store.journal.epoch,
      startedAt: this.#startedAt,
      starts: this.#starts?.status() ?? noStarts,
      edges,
      store: storeStatus,
      sockets: this.#sockets(),
      devices: {
        groups: groups.length,
        total: groups.reduce((sum, group) => sum + group.devices, 0),
        online: groups.reduce((sum, group) => sum + group.online, 0),
      },
      counters: this.#counters.snapshot(),
      memoryRss: process.memoryUsage.rss(),
      adminUi: this.#config.adminUi,
    };
  }

  async #stop(): Promise<void> {
    this.#state = 'stopping';
    await undoAll(this.#undo, this.#parts.log);
    this.#starts?.ended(this.#parts.clock.nowUs() / 1000);
  }
}
