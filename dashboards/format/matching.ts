/** Which devices a typed text means. Pure; what is searched is prepared once per description. */
import type { DeviceInfo } from '#contract/device.ts';

export class DeviceFilter {
  readonly #words: readonly string[];

  constructor(text: string) {
    this.#words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  /** Every word occurs in the ids, the title, the model, a metric or a label. */
  matches(info: DeviceInfo, prepared: WeakMap<DeviceInfo, string>): boolean {
    let text = prepared.get(info);
    if (text === undefined) {
      text = textOf(info);
      prepared.set(info, text);
    }
    for (const word of this.#words) if (!text.includes(word)) return false;
    return true;
  }
}

function textOf({ group, device, title, model, labels, metrics }: DeviceInfo): string {
  const names = metrics.flatMap((info) => [info.metric, info.title]);
  return [group, device, title, model, ...Object.values(labels), ...names].join('\n').toLowerCase();
}
