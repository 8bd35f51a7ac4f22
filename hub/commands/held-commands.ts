/** The commands that are not final, by id and by device. Pure memory; of one device `limits.commandsPending` at most. */
import type { CommandRecord } from '#contract/command.ts';
import type { OpenCommand } from './open-command.ts';

export interface Held {
  readonly open: OpenCommand;
  /** What the store has under this id once it was asked. */
  readonly stored: Promise<CommandRecord>;
  /** Where the request came from. */
  readonly address: string | undefined;
}

type Name = Pick<CommandRecord, 'group' | 'id'>;

export class HeldCommands {
  readonly #held = new Map<string, Held>();
  readonly #byDevice = new Map<string, Set<OpenCommand>>();

  put(held: Held): void {
    const { record } = held.open;
    this.#held.set(keyOf(record), held);
    const ofDevice = this.#byDevice.get(deviceOf(record)) ?? new Set();
    this.#byDevice.set(deviceOf(record), ofDevice.add(held.open));
  }

  find(name: Name): Held | undefined {
    return this.#held.get(keyOf(name));
  }

  /** @param device as {@link deviceOf} names it */
  ofDevice(device: string): readonly OpenCommand[] {
    return [...(this.#byDevice.get(device) ?? [])];
  }

  forget(open: OpenCommand): void {
    const { record } = open;
    this.#held.delete(keyOf(record));
    const ofDevice = this.#byDevice.get(deviceOf(record));
    ofDevice?.delete(open);
    if (ofDevice?.size === 0) this.#byDevice.delete(deviceOf(record));
  }

  closeAll(): void {
    for (const { open } of this.#held.values()) open.close();
    this.#held.clear();
    this.#byDevice.clear();
  }
}

function keyOf({ group, id }: Name): string {
  return `${group}/${id}`;
}

/** One name per device of the hub. */
export function deviceOf({ group, device }: Pick<CommandRecord, 'group' | 'device'>): string {
  return `${group}/${device}`;
}
