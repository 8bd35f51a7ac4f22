/** Wires the MQTT bridge: the brokers that the configuration asks for, and the desks where people look after messages. */
import type { Server as HttpServer } from 'node:http';
import { EmbeddedBroker } from '../bridges/mqtt/embedded-broker.ts';
import { families } from '../bridges/mqtt/families/all.ts';
import { Inbound } from '../bridges/mqtt/inbound.ts';
import { MappingDesk } from '../bridges/mqtt/rules/mapping-desk.ts';
import { QuarantineReplay } from '../bridges/mqtt/rules/quarantine-replay.ts';
import type { AccessControl } from './access/access.ts';
import type { CommandService } from './commands/command-service.ts';
import type { HubConfig } from './config.ts';
import type { DeviceRegistry } from './devices/registry.ts';
import type { IngestDoor } from './ingest/ingest.ts';
import type { TraceBook } from './ingest/trace-book.ts';
import type { Clock, Counters, Edge, Log, Store } from './ports.ts';

interface BridgeParts {
  readonly store: Store;
  readonly access: AccessControl;
  readonly devices: DeviceRegistry;
  readonly commands: CommandService;
  readonly ingest: IngestDoor;
  readonly traces: TraceBook;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

/** What waits in inbox and quarantine, and the mappings that take it in. */
export interface Kept {
  readonly mappings: MappingDesk;
  readonly quarantineDesk: QuarantineReplay;
}

export async function openKept(
  parts: BridgeParts & { readonly random: (bytes: number) => Uint8Array },
  { topicRoot, timeZone }: HubConfig,
): Promise<Kept> {
  const { store, access, clock, random } = parts;
  const { audit, inbox } = store;
  const common = { audit, access, clock };
  const mappings = await MappingDesk.open({ store: store.mappings, inbox, random, timeZone, ...common });
  const inbound = new Inbound({ ...parts, families, rules: mappings.rules, topicRoot, timeZone });
  mappings.use(inbound);
  return { mappings, quarantineDesk: new QuarantineReplay({ store: store.quarantine, inbound, ...common }) };
}

/** Made, not started. */
export async function brokersOf(
  parts: BridgeParts & Kept,
  { mqtt, brokers, topicRoot, timeZone }: HubConfig,
  httpServer: HttpServer,
): Promise<{ readonly embedded: Edge | undefined; readonly external: readonly Edge[] }> {
  const { rules } = parts.mappings;
  const common = { ...parts, topicRoot, timeZone, rules, packetIds: parts.ingest };
  const { brokerState } = parts.store;
  const embedded =
    mqtt === undefined ? undefined : new EmbeddedBroker({ ...common, ...mqtt, brokerState, httpServer });
  if (brokers.length === 0) return { embedded, external: [] };
  // Loaded only where one is configured: the client library is not small.
  const { ExternalBroker } = await import('../bridges/mqtt/external-broker.ts');
  const external = brokers.map(
    ({ commands: sendsCommands, ...where }) =>
      new ExternalBroker({ ...common, ...where, brokerState, sendsCommands }),
  );
  return { embedded, external };
}
