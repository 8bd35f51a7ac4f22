/**
 * One device of the registry: what is durable of it, its presence, and how it looks from outside. Compact: a hub holds
 * a hundred thousand of these, so what most devices do not have takes no room.
 */
import type { DeviceDescription, DeviceInfo, DeviceRecord, MetricInfo } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import { shownOf } from './device-settings.ts';
import { DevicePresence } from './presence.ts';
import { twinOf } from './twin.ts';

/** Beyond this many a list is slow to look through. */
const indexedAbove = 16;
const nothing = Object.freeze({});
const none: readonly never[] = Object.freeze([]);

type Kept = Omit<DeviceRecord, 'lastSeen' | 'present'>;

export class DeviceEntry {
  readonly presence: DevicePresence;
  /** Epoch ms of the last sign of life that is durable. */
  savedLastSeen: number | undefined;
  #kept: Kept;
  #index: Set<string> | undefined;
  #searchText: string | undefined;

  /** @param startedMs monotonic, see {@link DevicePresence} */
  constructor({ lastSeen, present, ...kept }: DeviceRecord, startedMs = 0) {
    this.presence = new DevicePresence({ createdAt: kept.createdAt, lastSeen, present, startedMs });
    this.savedLastSeen = lastSeen;
    this.#kept = shareEmpty(kept);
  }

  get group(): string {
    return this.#kept.group;
  }

  get device(): string {
    return this.#kept.device;
  }

  /** Everything durable but the last sign of life, which moves by itself. */
  get kept(): Kept {
    return this.#kept;
  }

  change(change: Partial<Kept>): void {
    this.#kept = shareEmpty({ ...this.#kept, ...change });
    this.#searchText = undefined;
    this.#index = undefined;
  }

  /** Neither archived, waiting nor denied. */
  get isInSight(): boolean {
    return this.#kept.admission === undefined && this.#kept.archivedAt === undefined;
  }

  /** False when it is known already, or the device has too many. @param bare one object for all devices with it */
  addMetric(metric: string, bare: MetricInfo = { metric }): boolean {
    const { metrics } = this.#kept;
    if (this.#has(metric) || metrics.length >= limits.seriesPerDevice) return false;
    this.#kept = { ...this.#kept, metrics: [...metrics, bare] };
    this.#index?.add(metric);
    this.#searchText = undefined;
    return true;
  }

  /** What the description does not mention stays as it is; metrics and their readings are joined by id. */
  describe({ title, model, labels, metrics, controls }: DeviceDescription): void {
    const kept = this.#kept;
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
    if (words.length === 0) return true;
    this.#searchText ??= this.#describeForSearch();
    const text = this.#searchText;
    return words.every((word) => text.includes(word));
  }

  info(): DeviceInfo {
    const { presence, since, lastSeen, rhythmMs, sleeps } = this.presence;
    const expectedIntervalMs = this.#kept.settings?.expectedIntervalMs ?? rhythmMs;
    const { createdAt: _0, settings: _1, desired: _2, reportedVersion: _3, ...kept } = this.#kept;
    const twin = twinOf(this.#kept);
    return {
      ...kept,
      ...shownOf(this.#kept),
      presence,
      presenceSince: since,
      lastSeen,
      ...(expectedIntervalMs !== undefined && { expectedIntervalMs }),
      ...(sleeps && { sleeps }),
      ...(twin && { twin }),
    };
  }

  record(): DeviceRecord {
    return { ...this.#kept, lastSeen: this.presence.lastSeen, present: this.presence.record() };
  }

  #has(metric: string): boolean {
    const { metrics } = this.#kept;
    if (metrics.length <= indexedAbove) return metrics.some((known) => known.metric === metric);
    this.#index ??= new Set(metrics.map((known) => known.metric));
    return this.#index.has(metric);
  }

  #describeForSearch(): string {
    const { title, model = '', metrics, labels, location } = shownOf(this.#kept);
    const words = metrics.map((info) => `${info.metric}\n${info.title ?? ''}`);
    const told = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return [this.group, this.device, title, model, location?.name ?? '', ...words, ...told]
      .join('\n')
      .toLowerCase();
  }
}

function describeMetrics(known: readonly MetricInfo[], told: readonly MetricInfo[]): readonly MetricInfo[] {
  const metrics = new Map(known.map((info) => [info.metric, info]));
  for (const info of told)
    if (metrics.has(info.metric) || metrics.size < limits.seriesPerDevice) metrics.set(info.metric, info);
  return [...metrics.values()];
}

function shareEmpty(kept: Kept): Kept {
  return {
    ...kept,
    labels: isEmpty(kept.labels) ? nothing : kept.labels,
    reported: isEmpty(kept.reported) ? nothing : kept.reported,
    metrics: kept.metrics.length === 0 ? none : kept.metrics,
    controls: kept.controls.length === 0 ? none : kept.controls,
  };
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
