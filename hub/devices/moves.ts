/**
 * A device gets another name, or becomes one with another device, and nothing of its past is lost: series, events and
 * commands go along, and what still arrives under the old name belongs to the new one from that very moment on.
 *
 * Where both devices have the same series, the past of the one that is merged keeps a tag `merged` with its old name: two
 * sensors do not become one line by being told apart no longer.
 */
import type { DeviceInfo, DeviceName } from '#contract/device.ts';
import type { DeviceMove } from '#contract/device-patch.ts';
import { RequestError } from '#contract/errors.ts';
import { isGroupId, isId } from '#contract/names.ts';
import type { Clock, Log, MoveSteps } from '#ports';
import { nameOf, type DeviceBook } from './device-book.ts';
import type { DeviceEntry } from './device-entry.ts';
import type { TwinLinks } from './twin-links.ts';

const retryMs = 1000;

export interface MovesParts {
  readonly book: DeviceBook;
  readonly twins: TwinLinks;
  readonly steps: MoveSteps;
  readonly clock: Clock;
  readonly log: Log;
}

export class Moves {
  readonly #parts: MovesParts;
  /** One after the other: each finds the names as the one before left them. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: MovesParts) {
    this.#parts = parts;
  }

  move(group: string, device: string, target: DeviceMove): Promise<DeviceInfo> {
    const moved = this.#last.then(() => this.#move({ group, device }, target));
    this.#last = moved.catch(() => undefined);
    return moved;
  }

  /** What comes under this name is a device of its own again. */
  async forgetAlias(group: string, device: string): Promise<DeviceInfo> {
    const { book } = this.#parts;
    const entry = book.find(group, device);
    if (entry === undefined || isNamed(entry, { group, device }))
      throw new RequestError(404, 'no-such-alias', 'This is no former name of a device.');
    const aliases = entry.aliases?.filter((name) => !(name.group === group && name.device === device));
    entry.change({ aliases: aliases?.length === 0 ? undefined : aliases });
    book.noteAliases(entry, [{ group, device }]);
    await book.save(entry);
    book.show(entry);
    return entry.info();
  }

  async #move(name: DeviceName, { merge = false, ...to }: DeviceMove): Promise<DeviceInfo> {
    const { book, steps } = this.#parts;
    const entry = book.find(name.group, name.device);
    if (entry === undefined || !isNamed(entry, name))
      throw new RequestError(404, 'no-such-device', 'The group has no such device.');
    const from = nameOf(entry);
    const target: DeviceName = { ...from, ...to };
    if (!isGroupId(target.group) || !isId(target.device))
      throw new RequestError(400, 'invalid-id', 'The group or device id is not valid.');
    if (target.group === from.group && target.device === from.device) return entry.info();
    const found = book.find(target.group, target.device);
    const other = found === entry ? undefined : found;
    if (other !== undefined && !merge)
      throw new RequestError(409, 'device-exists', 'There is a device of this name: merge, if they are one.');
    if (other === undefined && merge)
      throw new RequestError(404, 'no-such-device', 'There is no device to merge into.');
    for (const each of [from, target])
      if (steps.isBusy(each))
        throw new RequestError(
          409,
          'commands-open',
          'A command of the device is not finished: try again later.',
        );
    const kept = other === undefined ? this.#rename(entry, from, target) : this.#merge(entry, other);
    await this.#store({ from, to: nameOf(kept) });
    await book.save(kept);
    steps.moved({ from, to: nameOf(kept) });
    book.tell({ kind: 'removed', ...from, movedTo: nameOf(kept) });
    book.show(kept);
    this.#parts.twins.tellIfOpen(kept);
    return kept.info();
  }

  #rename(entry: DeviceEntry, from: DeviceName, target: DeviceName): DeviceEntry {
    const { book } = this.#parts;
    const { title, aliases = [] } = entry.kept;
    const former = [...aliases, from].filter(
      (name) => name.group !== target.group || name.device !== target.device,
    );
    book.remove(entry);
    entry.change({ ...target, aliases: former, title: title === from.device ? target.device : title });
    book.put(entry);
    book.noteAliases(entry, [target]);
    return entry;
  }

  /** What the other one is called and said of it stays; what it does not have comes from the one that is merged. */
  #merge(entry: DeviceEntry, other: DeviceEntry): DeviceEntry {
    const { book } = this.#parts;
    const { aliases = [], metrics } = other.kept;
    const known = new Set(metrics.map(({ metric }) => metric));
    book.remove(entry);
    other.presence.absorb(entry.presence, book.now());
    other.change({
      aliases: [...aliases, ...(entry.aliases ?? []), nameOf(entry)],
      metrics: [...metrics, ...entry.kept.metrics.filter(({ metric }) => !known.has(metric))],
      controls: other.kept.controls.length > 0 ? other.kept.controls : entry.kept.controls,
      reported: { ...entry.kept.reported, ...other.kept.reported },
      createdAt: Math.min(other.kept.createdAt, entry.kept.createdAt),
    });
    book.noteAliases(other, []);
    return other;
  }

  /** In memory it has happened: a store that fails is asked until it succeeds. */
  async #store(move: { readonly from: DeviceName; readonly to: DeviceName }): Promise<void> {
    const { steps, clock, log } = this.#parts;
    for (;;) {
      try {
        return await steps.store(move);
      } catch (error) {
        log.warn('The new name of a device could not be stored; trying again.', { ...move, error });
        await new Promise<void>((resolve) => clock.after(retryMs, resolve));
      }
    }
  }
}

function isNamed(entry: DeviceEntry, { group, device }: DeviceName): boolean {
  return entry.group === group && entry.device === device;
}
