/** What the HTTP edge is made of: the parts it serves, and the types of its routes. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { HubStatus } from '#contract/status.ts';
import type {
  Access,
  AuditStore,
  Backups,
  Clock,
  Commands,
  Counters,
  DeviceManagement,
  Devices,
  History,
  InboxStore,
  Ingest,
  Live,
  Log,
  Mappings,
  QuarantineDesk,
  QuarantineStore,
  Replayable,
  Retention,
  Traces,
} from '#ports';

export interface HttpParts {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly ingest: Ingest;
  readonly live: Pick<Live, 'latest'>;
  readonly history: History;
  readonly devices: Devices;
  readonly management: DeviceManagement;
  readonly commands: Commands;
  readonly access: Access;
  readonly inbox: Pick<InboxStore, 'list' | 'remove'>;
  readonly mappings: Mappings;
  readonly quarantine: Pick<QuarantineStore, 'list' | 'count'>;
  readonly quarantineDesk: QuarantineDesk;
  readonly traces: Pick<Traces, 'ofDevice' | 'ofTopic'>;
  readonly audit: AuditStore;
  readonly retention: Retention;
  readonly backups: Backups;
  /** Absent without a database behind the hub. */
  readonly replay?: Replayable['replay'] | undefined;
  readonly status: () => Promise<HubStatus>;
  readonly ready: () => boolean;
  /** The page that Prometheus reads. */
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
  /** The built dashboards; absent = not built. */
  readonly dashboardsFolder?: string | undefined;
  /** Serve the Socket.IO Admin UI that lies beside them. */
  readonly adminUi?: boolean | undefined;
  /** Origins beside our own whose pages may send requests. */
  readonly allowedOrigins: readonly string[];
  /** Tags of line protocol that name the device: the first that a line has. */
  readonly writeDeviceTags: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly version: string;
  readonly timeouts?: Partial<HttpTimeouts> | undefined;
}

export interface HttpTimeouts {
  /** A request must have arrived whole within this time… */
  readonly requestMs: number;
  /** …and its headers within this. */
  readonly headersMs: number;
  /** How often the two are looked at. */
  readonly checkMs: number;
  readonly keepAliveMs: number;
  /** How long running requests may take to end when the hub stops. */
  readonly stopMs: number;
}

/** Requests have the types of their schemas; answers are not changed to fit theirs. */
interface Schemas extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: unknown;
}

export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, Schemas>;

/** Adds the routes of one noun. */
export type Routes = (app: App, parts: HttpParts) => void;
