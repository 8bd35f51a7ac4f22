/** The ground and the core of a hub, wired in order: the store, then everything that knows no transport. */
import { AccessControl } from './access/access.ts';
import { CommandService } from './commands/command-service.ts';
import type { HubConfig } from './config.ts';
import { hasAdminToken, writeAdminToken } from './data-folder.ts';
import { DeviceRegistry } from './devices/registry.ts';
import { HistoryService } from './history/history.ts';
import { RetentionService } from './history/retention.ts';
import { HubEvents } from './hub-events.ts';
import type { InfluxBehind } from './influx-behind.ts';
import { IngestDoor } from './ingest/ingest.ts';
import { TraceBook } from './ingest/trace-book.ts';
import { LivePlane } from './live/live-plane.ts';
import type { Metrics } from './metrics.ts';
import type { Clock, Committed, Counters, Log, Store } from './ports.ts';
import { StoreCare } from './store/care.ts';
import { openStore } from './store/store.ts';
import { gentleUpkeep } from './store/upkeep.ts';

export interface CoreParts {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: (bytes: number) => Uint8Array;
  readonly counters: Counters;
  readonly metrics: Metrics;
  readonly influx: InfluxBehind;
  /** Run backwards when the hub stops. */
  readonly undo: (() => Promise<void>)[];
}

export interface Core {
  readonly store: Store;
  readonly access: AccessControl;
  readonly devices: DeviceRegistry;
  readonly commands: CommandService;
  readonly live: LivePlane;
  readonly history: HistoryService;
  readonly retention: RetentionService;
  readonly backups: StoreCare;
  readonly ingest: IngestDoor;
  readonly traces: TraceBook;
}

/** Starts the store and what stands on it; what ends each part is added to `undo` as it begins. */
export async function startCore({
  config,
  clock,
  log,
  random,
  counters,
  metrics,
  influx,
  undo,
}: CoreParts): Promise<Core> {
  const base = { clock, log, counters };
  const { dataFolder, retentionDays, lingerMs } = config;
  const store = await openStore({
    folder: dataFolder,
    spool: influx.spool,
    lingerMs,
    upkeep: { retentionDays, ...(lingerMs > 0 && gentleUpkeep) },
    ...base,
  });
  undo.push(() => store.close());
  const backups = new StoreCare({ folder: dataFolder, log, counters });
  if (store.found.length > 0) void backups.check();
  const access = await AccessControl.open({ store: store.tokens, audit: store.audit, random, ...base });
  // A backup has no secrets: who may put it into the folder may read a new one there.
  const isSecretLost = store.isRestored && !hasAdminToken(dataFolder);
  await access.bootstrap((secret) => writeAdminToken(dataFolder, secret), isSecretLost);
  const hubEvents = new HubEvents(base);
  undo.push(async () => hubEvents.close());
  const devices = await DeviceRegistry.open({
    store: store.devices,
    approval: config.approval,
    moves: {
      isBusy: (name) => commands.isBusy(name),
      store: ({ from, to }) => store.devices.move(from, to),
      moved: ({ from, to }) => live.moved(from, to),
    },
    ...base,
  });
  devices.onChange((change) => hubEvents.device(change));
  undo.push(() => devices.close());
  const commands = await CommandService.open({
    store: store.commands,
    audit: store.audit,
    names: devices,
    told: (command) => hubEvents.command(command),
    timings: metrics,
    random,
    ...base,
  });
  undo.push(() => commands.close());
  const { epoch } = store.journal;
  const live = new LivePlane({ journal: store.journal, timings: metrics, ...base });
  undo.push(async () => live.close());
  for await (const state of store.history.latest()) {
    live.warm(state);
    // The registry is written behind the journal: after a crash the journal may know devices that it does not.
    devices.seen({ epoch, readings: [], events: [], state, arrivedMs: clock.monotonicMs() });
  }
  const retention = await RetentionService.open(store.retention, retentionDays);
  const committed = (batch: Committed): void => {
    devices.seen(batch);
    commands.seen(batch);
    live.publish(batch);
  };
  const readings = await influx.readings(store, {
    groups: () => new Set(devices.groups().map(({ group }) => group)),
    show: (state) => {
      const arrivedMs = clock.monotonicMs();
      committed({ epoch: store.journal.epoch, readings: [], events: [], state, arrivedMs });
    },
  });
  const history = new HistoryService({ store: store.history, readings: readings ?? store.history, clock });
  const { journal, quarantine, inbox } = store;
  const traces = new TraceBook();
  const ingest = new IngestDoor({
    journal,
    quarantine,
    inbox,
    directory: devices,
    committed,
    timings: metrics,
    keptUs: () => retention.keptUs(),
    traces,
    ...base,
  });
  hubEvents.start(ingest);
  return { store, access, devices, commands, live, history, retention, backups, ingest, traces };
}
