/**
 * One device of the registry: what is durable of it, its presence, and how it looks from outside. Compact: a hub holds
 * a hundred thousand of these, so what most devices do not have takes no room.
 */
import type { DeviceDescription, DeviceInfo, DeviceRecord, MetricInfo } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import type { DeviceRow } from './device-row.ts';
import { shownOf } from './device-settings.ts';
import { DeviceTable, type Rest } from './device-table.ts';
import { DevicePresence } from './presence.ts';
import { twinOf } from './twin.ts';

type Kept = Omit<DeviceRecord, 'lastSeen' | 'present'>;

export class DeviceEntry {
  readonly #table: DeviceTable;
  readonly #row: number;
  #group: string;
  #device: string;
  #title: string;
  #metrics: readonly MetricInfo[];
  #rest: Rest;

  /** @param startedMs monotonic, see {@link DevicePresence} */
  constructor(
    { group, device, title, metrics, createdAt, lastSeen, present, ...rest }: DeviceRecord,
    startedMs = 0,
    table = new DeviceTable(),
  ) {
    this.#table = table;
    this.#row = table.add();
    // One text, where both are read from a file.
    [this.#group, this.#device, this.#title] = [group, device, title === device ? device : title];
    this.#metrics = table.share(metrics);
    this.#rest = table.shareRest(rest);
    this.#numbers.createdAt = createdAt;
    this.savedLastSeen = lastSeen;
    this.presence.start({ lastSeen, present, startedMs });
  }

  get group(): string {
    return this.#group;
  }

  get device(): string {
    return this.#device;
  }

  get presence(): DevicePresence {
    return new DevicePresence(this.#numbers);
  }

  /** Epoch ms of the last sign of life that is durable. */
  get savedLastSeen(): number | undefined {
    return this.#numbers.savedLastSeen;
  }
  set savedLastSeen(ms: number | undefined) {
    this.#numbers.savedLastSeen = ms;
  }

  /** Everything durable but the last sign of life, which moves by itself. */
  get kept(): Kept {
    return {
      group: this.#group,
      device: this.#device,
      title: this.#title,
      metrics: this.#metrics,
      createdAt: this.#numbers.createdAt,
      ...this.#rest,
    };
  }

  /** Of `kept`, without making all of it. */
  get admission(): Kept['admission'] {
    return this.#rest.admission;
  }

  get archivedAt(): Kept['archivedAt'] {
    return this.#rest.archivedAt;
  }

  get settings(): Kept['settings'] {
    return this.#rest.settings;
  }

  get aliases(): Kept['aliases'] {
    return this.#rest.aliases;
  }

  change(change: Partial<Kept>): void {
    const { group, device, title, metrics, createdAt, ...rest } = { ...this.kept, ...change };
    [this.#group, this.#device, this.#title] = [group, device, title];
    if (metrics !== this.#metrics) this.#metrics = this.#table.share(metrics);
    this.#numbers.createdAt = createdAt;
    this.#rest = this.#table.shareRest(rest, this.#rest);
  }

  /** Neither archived, waiting nor denied. */
  get isInSight(): boolean {
    return this.#rest.admission === undefined && this.#rest.archivedAt === undefined;
  }

  /** False when it is known already, or the device has too many. @param bare one object for all devices with it */
  addMetric(metric: string, bare: MetricInfo = { metric }): boolean {
    const metrics = this.#metrics;
    if (this.#table.isIn(metrics, metric) || metrics.length >= limits.seriesPerDevice) return false;
    this.#metrics = this.#table.withMetric(metrics, bare);
    return true;
  }

  /** What the description does not mention stays as it is; metrics and their readings are joined by id. */
  describe({ title, model, labels, metrics, controls }: DeviceDescription): void {
    const { kept } = this;
    this.change({
      title: title ?? kept.title,
      model: model ?? kept.model,
      labels: labels ?? kept.labels,
      controls: controls ?? kept.controls,
      metrics: metrics === undefined ? kept.metrics : describeMetrics(kept.metrics, metrics),
    });
  }

  /** Does every word occur in the ids, the title, the model, a metric or a label? Words are lower case. */
  matches(words: readonly string[]): boolean {
    return words.every((word) => this.#mentions(word));
  }

  info(): DeviceInfo {
    const { presence, since, lastSeen, rhythmMs, sleeps } = this.presence;
    const record = this.kept;
    const expectedIntervalMs = record.settings?.expectedIntervalMs ?? rhythmMs;
    const { createdAt: _0, settings: _1, desired: _2, reportedVersion: _3, ...kept } = record;
    const twin = twinOf(record);
    return {
      ...kept,
      ...shownOf(record),
      presence,
      presenceSince: since,
      lastSeen,
      ...(expectedIntervalMs !== undefined && { expectedIntervalMs }),
      ...(sleeps && { sleeps }),
      ...(twin && { twin }),
    };
  }

  record(): DeviceRecord {
    const { presence } = this;
    return { ...this.kept, lastSeen: presence.lastSeen, present: presence.record() };
  }

  get #numbers(): DeviceRow {
    return this.#table.row(this.#row);
  }

  // No text is kept for it, which would be as large as all the rest of the device.
  #mentions(word: string): boolean {
    const has = (text: string): boolean => text.toLowerCase().includes(word);
    if (has(this.#device) || has(this.#group)) return true;
    const { title, model = '', location, labels, metrics } = this.#shown;
    if (has(title) || has(model) || has(location?.name ?? '')) return true;
    for (const key in labels) if (has(`${key}=${labels[key]}`)) return true;
    return this.#table.textOf(metrics).includes(word);
  }

  get #shown(): ReturnType<typeof shownOf> {
    const bare = { title: this.#title, metrics: this.#metrics, ...this.#rest };
    return bare.settings === undefined ? bare : shownOf(this.kept);
  }
}

function describeMetrics(known: readonly MetricInfo[], told: readonly MetricInfo[]): readonly MetricInfo[] {
  const metrics = new Map(known.map((info) => [info.metric, info]));
  for (const info of told)
    if (metrics.has(info.metric) || metrics.size < limits.seriesPerDevice) metrics.set(info.metric, info);
  return [...metrics.values()];
}
