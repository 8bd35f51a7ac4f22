/** One device of the registry: what is durable of it, its presence, and how it looks from outside. */
import type { DeviceDescription, DeviceInfo, DeviceRecord, MetricInfo } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import { DevicePresence } from './presence.ts';
import type { ReportedState } from './twin.ts';

export class DeviceEntry {
  readonly group: string;
  readonly device: string;
  readonly presence: DevicePresence;
  /** Epoch ms of the last sign of life that is durable. */
  savedLastSeen: number | undefined;
  readonly #createdAt: number;
  readonly #metrics: Map<string, MetricInfo>;
  #title: string;
  #model: string | undefined;
  #labels: DeviceRecord['labels'];
  #controls: DeviceRecord['controls'];
  #reported: ReportedState;
  #searchText: string | undefined;

  constructor(record: DeviceRecord) {
    this.group = record.group;
    this.device = record.device;
    this.presence = new DevicePresence(record);
    this.savedLastSeen = record.lastSeen;
    this.#createdAt = record.createdAt;
    this.#metrics = new Map(record.metrics.map((metric) => [metric.metric, metric]));
    this.#title = record.title;
    this.#model = record.model;
    this.#labels = record.labels;
    this.#controls = record.controls;
    this.#reported = record.reported;
  }

  get reported(): ReportedState {
    return this.#reported;
  }

  set reported(state: ReportedState) {
    this.#reported = state;
  }

  /** False when it is known already, or the device has too many. */
  addMetric(metric: string): boolean {
    if (this.#metrics.has(metric) || this.#metrics.size >= limits.seriesPerDevice) return false;
    this.#metrics.set(metric, { metric });
    this.#searchText = undefined;
    return true;
  }

  /** What the description does not mention stays as it is; metrics and their readings are joined by id. */
  describe({ title, model, labels, metrics, controls }: DeviceDescription): void {
    this.#title = title ?? this.#title;
    this.#model = model ?? this.#model;
    this.#labels = labels ?? this.#labels;
    this.#controls = controls ?? this.#controls;
    for (const metric of metrics ?? []) {
      if (this.#metrics.has(metric.metric) || this.#metrics.size < limits.seriesPerDevice)
        this.#metrics.set(metric.metric, metric);
    }
    this.#searchText = undefined;
  }

  /** Does every word occur in the ids, the title, the model, a metric or a label? Words are lower case. */
  matches(words: readonly string[]): boolean {
    this.#searchText ??= this.#describeForSearch();
    const text = this.#searchText;
    return words.every((word) => text.includes(word));
  }

  info(): DeviceInfo {
    const { presence, since, lastSeen } = this.presence;
    return { ...this.#outline(), presence, presenceSince: since, lastSeen };
  }

  record(): DeviceRecord {
    return { ...this.#outline(), createdAt: this.#createdAt, lastSeen: this.presence.lastSeen };
  }

  #outline(): Omit<DeviceRecord, 'createdAt' | 'lastSeen'> {
    return {
      group: this.group,
      device: this.device,
      title: this.#title,
      model: this.#model,
      labels: this.#labels,
      metrics: [...this.#metrics.values()],
      controls: this.#controls,
      reported: this.#reported,
    };
  }

  #describeForSearch(): string {
    const metrics = Array.from(this.#metrics.values(), ({ metric, title = '' }) => `${metric}\n${title}`);
    const labels = Object.entries(this.#labels).map(([key, value]) => `${key}=${value}`);
    return [this.group, this.device, this.#title, this.#model ?? '', ...metrics, ...labels]
      .join('\n')
      .toLowerCase();
  }
}
