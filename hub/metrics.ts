/**
 * What Prometheus reads: the counts of `observe.ts`, histograms of commits, deliveries and commands, and gauges taken
 * from the hub's status at the moment of the scrape. Every label value is a literal of the code or the name of a part,
 * so that no device and no person can make a new series. Exposition format: Prometheus text 0.0.4.
 */
import { Counter, Gauge, Registry, collectDefaultMetrics, type Metric } from 'prom-client';
import type { EdgeStatus, HubStatus } from './contract/status.ts';
import type { Timings } from './ports.ts';
import { TimingHistogram } from './timing-histogram.ts';

const prefix = 'signalbox_';
/** Names whose part behind the dot is where the data came from. */
const bySource = new Set(['deliveries', 'readings']);

type TimingName = Parameters<Timings['observe']>[0];

export class Metrics implements Timings {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #timings: Readonly<Record<TimingName, TimingHistogram>>;
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();

  constructor() {
    this.contentType = this.#registry.contentType;
    const histogram = (name: string, help: string, bounds: readonly number[]): TimingHistogram => {
      const made = new TimingHistogram(prefix + name, help, bounds);
      this.#registry.registerMetric(made as unknown as Metric);
      return made;
    };
    const fast = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
    this.#timings = {
      commit: histogram('journal_commit_seconds', 'From the append to the end of its fsync.', fast),
      delivery: histogram(
        'delivery_seconds',
        'From the arrival of a delivery until it is durable and told to the views.',
        fast,
      ),
      frame: histogram(
        'frame_seconds',
        'From the arrival of the oldest reading of a frame until the frame is written to the sockets of its view; with the window of the view, without the network.',
        fast,
      ),
      command: histogram(
        'command_seconds',
        'From the request to the final state.',
        [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      ),
    };
  }

  observe(name: TimingName, seconds: number): void {
    this.#timings[name].observe(seconds);
  }

  /** Event-loop lag, memory, CPU and garbage collection of the process, from now until `stop`. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry, prefix });
  }

  /** The page of one scrape. */
  async text(now: HubStatus): Promise<string> {
    this.#set('build_info', 'Always 1; the version is the label.', 1, { version: now.version });
    this.#set(
      'ready',
      '1 while the hub takes deliveries and every part is well.',
      now.state === 'ok' ? 1 : 0,
    );
    this.#set(
      'recent_unclean_ends',
      'Runs of the last ten minutes before the start that nobody ended.',
      now.starts.uncleanEnds,
    );
    for (const edge of now.edges) this.#setEdge(edge);
    this.#setStore(now.store);
    this.#set('devices', 'Devices in the registry.', now.devices.total, { state: 'all' });
    this.#set('devices', '', now.devices.online, { state: 'online' });
    this.#set('groups', 'Device groups.', now.devices.groups);
    const { connections, queuedBytes, slow } = now.sockets;
    this.#set('socketio_connections', 'Open Engine.IO connections.', connections);
    this.#set('socketio_queued_bytes', 'Bytes that wait for slow clients.', queuedBytes);
    this.#set('socketio_slow_clients', 'Clients that do not keep up now.', slow);
    for (const [key, value] of Object.entries(now.counters)) this.#setCounter(key, value);
    return await this.#registry.metrics();
  }

  stop(): void {
    this.#registry.clear();
  }

  #setEdge({ name: edge, state, connections, messages, reconnects, droppedByBroker }: EdgeStatus): void {
    this.#set('edge_up', '1 while the edge listens or is connected.', state === 'up' ? 1 : 0, { edge });
    if (connections !== undefined)
      this.#set('edge_connections', 'Connections of the edge.', connections, { edge });
    const total = (name: string, help: string, value: number): void =>
      this.#setTotal(`${prefix}broker_${name}_total`, help, value, { broker: edge });
    if (messages === undefined) return;
    total('messages_received', 'Messages from this broker.', messages.received);
    total('messages_acknowledged', 'PUBACKs to it: what they brought is durable.', messages.acknowledged);
    total('reconnects', 'How often the way to it was lost, or not found, and tried again.', reconnects ?? 0);
    total(
      'messages_dropped',
      'What it says it dropped, for whichever of its clients, since the hub listens.',
      droppedByBroker ?? 0,
    );
  }

  #setStore({ bytes, head, merged, series, failing, disk, spool }: HubStatus['store']): void {
    this.#set('store_bytes', 'Size of the database and its write-ahead log.', bytes);
    this.#set('store_series', 'Series known.', series);
    this.#set('store_head_offset', 'The newest committed offset.', head);
    this.#set('store_merge_lag', 'Readings committed and not yet in the clustered history.', head - merged);
    this.#set('store_failing', '1 while nothing can be stored.', failing === undefined ? 0 : 1);
    this.#setDisk(disk);
    if (spool === undefined) return;
    this.#set('spool_readings', 'What waits for the database behind the hub.', spool.waiting);
    this.#set('spool_bytes', 'Its size, about.', spool.bytes);
    this.#set('spool_max_bytes', 'Above this size the spool is full.', spool.maxBytes);
    this.#set('spool_age_seconds', 'How long the oldest of it has waited.', spool.ageSeconds);
  }

  #setDisk(disk: HubStatus['store']['disk']): void {
    if (disk === undefined) return;
    this.#set(
      'disk_free_bytes',
      'What the hub may still take of the disk of its data folder.',
      disk.freeBytes,
    );
    this.#set('disk_total_bytes', 'Size of that disk.', disk.totalBytes);
    for (const state of ['enough', 'low', 'short', 'full'] as const)
      this.#set('disk_state', '1 for the state it is in.', disk.state === state ? 1 : 0, { state });
  }

  #set(name: string, help: string, value: number, labels: Record<string, string> = {}): void {
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      gauge = new Gauge({
        name: prefix + name,
        help,
        labelNames: Object.keys(labels),
        registers: [this.#registry],
      });
      this.#gauges.set(name, gauge);
    }
    gauge.set(labels, value);
  }

  /** `mqtt.value-dropped/code` is `signalbox_mqtt_value_dropped_total{reason="code"}`. */
  #setCounter(key: string, value: number): void {
    const [name = '', reason = ''] = key.split('/', 2);
    const [family = '', source] = name.split('.', 2);
    const labels: Record<string, string> =
      bySource.has(family) && source !== undefined ? { source, outcome: reason } : { reason };
    const metric = `${prefix}${('source' in labels ? family : name).replaceAll(/\W/g, '_')}_total`;
    const help = `Counted since the start as ${'source' in labels ? family : name}.`;
    this.#setTotal(metric, help, value, labels);
  }

  #setTotal(name: string, help: string, value: number, labels: Record<string, string>): void {
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [this.#registry] });
      this.#counters.set(name, counter);
    }
    counter.remove(labels);
    counter.inc(labels, value);
  }
}
