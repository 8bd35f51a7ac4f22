/**
 * What families tell about devices (title, model, units), collected so that a device is described once and again only
 * when something new is known. Bounded; a device that falls out is simply described again.
 */
import type { Control, DeviceDescription, MetricInfo } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';

interface Known {
  description: DeviceDescription;
  readonly metrics: Map<string, MetricInfo>;
  readonly controls: Map<string, Control>;
}

export class Descriptions {
  readonly #known = new Map<string, Known>();

  /** Adds what is told now. @returns all that is known of the device if something of it is new, else undefined */
  add(group: string, device: string, told: DeviceDescription): DeviceDescription | undefined {
    const known = this.#of(`${group}/${device}`);
    let isNew = false;
    for (const info of told.metrics ?? []) {
      const before = known.metrics.get(info.metric);
      const merged = { ...before, ...info };
      if (before !== undefined && isSame(before, merged)) continue;
      if (before === undefined && known.metrics.size >= limits.seriesPerDevice) continue;
      known.metrics.set(info.metric, merged);
      isNew = true;
    }
    for (const control of told.controls ?? []) {
      const isFull = known.controls.size >= limits.controlsPerDevice;
      const before = known.controls.get(control.name);
      const merged = { ...before, ...control };
      if (before === undefined ? isFull : isSame(before, merged)) continue;
      known.controls.set(control.name, merged);
      isNew = true;
    }
    const { metrics: _metrics, controls: _controls, ...rest } = told;
    const labels = { ...known.description.labels, ...rest.labels };
    const hasLabels = Object.keys(labels).length > 0;
    const merged = { ...known.description, ...rest, ...(hasLabels ? { labels } : {}) };
    if (!isSame(known.description, merged)) isNew = true;
    known.description = merged;
    if (!isNew) return undefined;
    return {
      ...merged,
      ...(known.metrics.size === 0 ? {} : { metrics: [...known.metrics.values()] }),
      ...(known.controls.size === 0 ? {} : { controls: [...known.controls.values()] }),
    };
  }

  #of(key: string): Known {
    let known = this.#known.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= limits.devicesPerGroup && oldest !== undefined) this.#known.delete(oldest);
    known = { description: {}, metrics: new Map(), controls: new Map() };
    this.#known.set(key, known);
    return known;
  }
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
