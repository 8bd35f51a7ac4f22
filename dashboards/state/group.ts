/** Everything of one group while a screen shows it: its devices, its commands, and what happened since. */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { CommandRecord } from '#contract/command.ts';
import type { Control, DeviceInfo, Presence } from '#contract/device.ts';
import type { EventMessage, Json } from '#contract/event.ts';
import type { Connection, GroupChannel } from '../connection/connection.ts';
import { HubRefusedError, NoAnswerError } from '../connection/errors.ts';
import { laterProgress, progressOf } from './control-progress.ts';
import type { Progress } from './control-progress.ts';
import type { Registry } from './registry.ts';

export type StoryLine =
  | { readonly kind: 'presence'; readonly device: string; readonly at: number; readonly presence: Presence }
  | { readonly kind: 'event'; readonly device: string; readonly at: number; readonly event: EventMessage };

const commandsKept = 200;
const devicesPerPage = 500;
const storyKept = 200;
/** The hub answers a command within 30 s at the latest; a little more for the way. */
const commandDeadlineMs = 35_000;

export class GroupState {
  readonly group: string;
  readonly channel: GroupChannel;
  /** Newest first; undefined until they are known. */
  readonly commands = signal<readonly CommandRecord[] | undefined>(undefined);
  /** Newest first. */
  readonly story = signal<readonly StoryLine[]>([]);
  /** Why the devices could not be listed: a stable code. */
  readonly failed = signal<string | undefined>(undefined);
  readonly #registry: Registry;
  readonly #now: () => number;
  readonly #random: () => string;
  readonly #onFailed: (command: CommandRecord) => void;
  /** Devices that were told of while their list was on its way: in none of its pages, and there all the same. */
  readonly #told = new Set<string>();
  readonly #progress = new Map<string, Signal<Progress | undefined>>();
  readonly #end: (() => void)[] = [];

  constructor(parts: {
    group: string;
    channel: GroupChannel;
    registry: Registry;
    now: () => number;
    random: () => string;
    /** A command ended badly while this page watched. */
    onFailed: (command: CommandRecord) => void;
  }) {
    this.group = parts.group;
    this.channel = parts.channel;
    this.#registry = parts.registry;
    this.#now = parts.now;
    this.#random = parts.random;
    this.#onFailed = parts.onFailed;
    this.#end.push(
      this.channel.onConnected(() => void this.#load()),
      this.channel.on('command', (command) => {
        if (command.state === 'failed' || command.state === 'expired') this.#onFailed(command);
        this.#onCommand(command);
      }),
      this.channel.on('device', (device: DeviceInfo) => {
        this.#told.add(device.device);
        this.#registry.put(device);
      }),
      this.channel.on('removed', (name) => this.#registry.remove(name)),
      this.channel.on('presence', (change) => {
        this.#registry.presence(change);
        this.#tell({ kind: 'presence', device: change.device, at: change.since, presence: change.presence });
      }),
      this.channel.on('event', (event) =>
        this.#tell({ kind: 'event', device: event.device, at: event.time, event }),
      ),
    );
  }

  /** How the last command of a control fares. */
  progress(device: string, control: string): Signal<Progress | undefined> {
    const key = `${device}/${control}`;
    let known = this.#progress.get(key);
    if (known === undefined) {
      known = signal<Progress | undefined>(undefined);
      this.#progress.set(key, known);
    }
    return known;
  }

  /** Sends a control's command; its progress tells the rest. Never rejects. */
  async send(device: string, control: Control, value: Json | undefined): Promise<void> {
    const slot = this.progress(device, control.name);
    const id = this.#random();
    const createdAt = this.#now();
    slot.value = { id, state: 'pending', target: value, since: createdAt, createdAt };
    try {
      const { command } = await this.channel.request(
        'command',
        {
          id,
          device,
          name: control.name,
          args: value === undefined ? {} : { value },
          supersede: control.kind === 'slider',
        },
        commandDeadlineMs,
      );
      this.#onCommand(command);
    } catch (error) {
      if (!(error instanceof HubRefusedError || error instanceof NoAnswerError)) throw error;
      const known = slot.peek();
      // Over the `command` event, or after a reconnection, the hub may have told of it all the same.
      if (known?.id !== id || known.state !== 'pending') return;
      const isGuess = error instanceof NoAnswerError;
      const { code: whyCode, message: why } = error;
      slot.value = { ...known, state: 'failed', since: this.#now(), why, whyCode, isGuess };
    }
  }

  close(): void {
    for (const end of this.#end) end();
  }

  async #load(): Promise<void> {
    try {
      await this.#loadDevices();
      this.failed.value = undefined;
      const { commands } = await this.channel.request('commands', { limit: commandsKept });
      this.commands.value = newestFirst(commands);
      for (const command of commands.toReversed()) this.#advance(command);
    } catch (error) {
      if (error instanceof HubRefusedError) this.failed.value = error.code;
      else if (!(error instanceof NoAnswerError)) throw error;
    }
  }

  /** Page by page: ten thousand devices are shown from the first five hundred on. */
  async #loadDevices(): Promise<void> {
    this.#told.clear();
    const known = new Set<string>();
    let after: string | undefined;
    do {
      const query = { limit: devicesPerPage, ...(after === undefined ? {} : { after }) };
      const { devices, next } = await this.channel.request('devices', query);
      for (const { device } of devices) known.add(device);
      this.#registry.addPage(this.group, devices);
      after = next;
    } while (after !== undefined);
    this.#registry.keepOnly(this.group, known.union(this.#told));
  }

  #onCommand(command: CommandRecord): void {
    const others = (this.commands.peek() ?? []).filter(({ id }) => id !== command.id);
    const known = this.commands.peek()?.find(({ id }) => id === command.id);
    const newer = known !== undefined && known.history.length > command.history.length ? known : command;
    this.commands.value = newestFirst([newer, ...others]).slice(0, commandsKept);
    this.#advance(newer);
  }

  #advance(command: CommandRecord): void {
    const slot = this.progress(command.device, command.name);
    slot.value = laterProgress(slot.peek(), progressOf(command));
  }

  #tell(line: StoryLine): void {
    this.story.value = [line, ...this.story.peek()].slice(0, storyKept);
  }
}

function newestFirst(commands: readonly CommandRecord[]): readonly CommandRecord[] {
  return commands.toSorted((a, b) => b.createdAt - a.createdAt);
}

/** Lends group states to screens: one per group, closed a little after the last screen left. */
export class GroupStates {
  readonly #connection: Connection;
  readonly #make: (group: string, channel: GroupChannel) => GroupState;
  readonly #lent = new Map<
    string,
    { readonly state: GroupState; readonly giveBack: () => void; visitors: number }
  >();

  constructor(parts: { connection: Connection; make: (group: string, channel: GroupChannel) => GroupState }) {
    this.#connection = parts.connection;
    this.#make = parts.make;
  }

  visit(group: string): { readonly state: GroupState; readonly leave: () => void } {
    const lent = this.#lent.get(group) ?? this.#open(group);
    lent.visitors += 1;
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      lent.visitors -= 1;
      if (lent.visitors > 0) return;
      this.#lent.delete(group);
      lent.state.close();
      lent.giveBack();
    };
    return { state: lent.state, leave };
  }

  #open(group: string): { readonly state: GroupState; readonly giveBack: () => void; visitors: number } {
    const { channel, giveBack } = this.#connection.borrow(group);
    const lent = { state: this.#make(group, channel), giveBack, visitors: 0 };
    this.#lent.set(group, lent);
    return lent;
  }
}
