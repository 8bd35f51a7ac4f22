/**
 * The way of commands to devices that speak their family's language: each is told through whoever sent its messages,
 * and what it shows afterwards confirms the command. Spec: ARCHITECTURE §6.
 */
import type { CommandAnswer, CommandMessage } from '#contract/command.ts';
import { limits } from '#contract/limits.ts';
import type { Commands, Counters, Link } from '#ports';
import { confirmationOf, wantedOf, type FamilyControl } from './families/control.ts';
import type { DeviceName, FamilyAnswer, InboundMessage, WayBack } from './meaning.ts';

interface Known {
  readonly name: DeviceName;
  readonly controls: Map<string, FamilyControl>;
  /** Whoever sent its last message. */
  back: WayBack;
  /** Its status said so; a replayed message is no sign of life. */
  isOffline: boolean;
  detach: (() => void) | undefined;
}

interface Waiting {
  readonly name: DeviceName;
  readonly answer: (answer: CommandAnswer) => void;
}

/** As it comes in, and as it is committed. */
type PastReading = DeviceName & { readonly metric: string; readonly timeUs?: number | undefined };
/** They are looked at within a commit or two. */
const mostPast = 10_000;

export interface FamilyLinksOptions {
  readonly commands: Pick<Commands, 'attach'>;
  readonly counters: Counters;
}

export class FamilyLinks {
  readonly #options: FamilyLinksOptions;
  readonly #devices = new Map<string, Known>();
  readonly #past = new Set<string>();
  /** Commands whose devices answer with the command's id. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: FamilyLinksOptions) {
    this.#options = options;
  }

  /** A message says what its device can be told. */
  heard(name: DeviceName, controls: readonly FamilyControl[], back: WayBack, isReplay: boolean): void {
    const known = this.#devices.get(keyOf(name)) ?? this.#add(name, back);
    if (known === undefined) return;
    for (const control of controls)
      if (known.controls.has(control.name) || known.controls.size < limits.seriesPerDevice)
        known.controls.set(control.name, control);
    this.#turnTo(known, back);
    if (!isReplay) known.isOffline = false;
    this.#attach(known);
  }

  /** Readings that will be committed next and tell what was: none of them confirms a command. */
  past(readings: readonly PastReading[]): void {
    for (const reading of readings) {
      const [oldest] = this.#past;
      if (this.#past.size >= mostPast && oldest !== undefined) this.#past.delete(oldest);
      this.#past.add(pastKey(reading));
    }
  }

  /** Its status: from offline nothing reaches it until it is heard again. */
  status(name: DeviceName, presence: 'online' | 'offline', back: WayBack): void {
    const known = this.#devices.get(keyOf(name));
    if (known === undefined) return;
    known.isOffline = presence === 'offline';
    if (known.isOffline) return this.#detach(known);
    this.#turnTo(known, back);
    this.#attach(known);
  }

  /** The way is open, perhaps again. */
  opened(back: WayBack): void {
    for (const known of this.#devices.values()) if (known.back === back) this.#attach(known);
  }

  closed(back: WayBack): void {
    for (const known of this.#devices.values()) if (known.back === back) this.#detach(known);
  }

  /** @returns false if no command waits for it */
  answered({ id, answer }: FamilyAnswer, sender: Pick<InboundMessage, 'mayWrite'>): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || !sender.mayWrite(waiting.name.group, waiting.name.device)) return false;
    waiting.answer(answer);
    return true;
  }

  #add(name: DeviceName, back: WayBack): Known | undefined {
    if (this.#devices.size >= limits.devicesPerGroup) {
      this.#options.counters.count('mqtt.refused', 'too-many-devices');
      return undefined;
    }
    const known: Known = { name, controls: new Map(), back, isOffline: false, detach: undefined };
    this.#devices.set(keyOf(name), known);
    return known;
  }

  #turnTo(known: Known, back: WayBack): void {
    if (known.back === back) return;
    this.#detach(known);
    known.back = back;
  }

  #attach(known: Known): void {
    if (known.detach !== undefined || known.isOffline || !known.back.isOpen()) return;
    const { group, device } = known.name;
    known.detach = this.#options.commands.attach(group, device, this.#link(known));
  }

  #detach(known: Known): void {
    known.detach?.();
    known.detach = undefined;
  }

  #link(known: Known): Link {
    return {
      edge: 'mqtt',
      confirmation: (command) => {
        const control = known.controls.get(command.name);
        const wanted = control === undefined ? undefined : wantedOf(control, command.args);
        if (control === undefined || wanted === undefined || 'error' in wanted) return undefined;
        const shown = confirmationOf(control, wanted.value);
        return {
          metrics: shown.metrics,
          judge: (reading) => (this.#past.has(pastKey(reading)) ? undefined : shown.judge(reading)),
        };
      },
      deliver: (command, signal) => this.#deliver(known, command, signal),
    };
  }

  async #deliver(
    { name, controls, back }: Known,
    command: CommandMessage,
    signal: AbortSignal,
  ): Promise<CommandAnswer | undefined> {
    signal.throwIfAborted();
    const control = controls.get(command.name);
    if (control === undefined)
      return refusal('unknown-command', `The device has no control "${command.name}".`);
    const wanted = wantedOf(control, command.args);
    if ('error' in wanted) return { ok: false, error: wanted.error };
    const { topic, payload } = control.tell(wanted.value, {
      id: command.id,
      atMs: command.deadline - command.ttlMs,
    });
    const answered = Promise.withResolvers<CommandAnswer | undefined>();
    this.#waiting.set(command.id, { name, answer: answered.resolve });
    signal.addEventListener('abort', () => answered.resolve(undefined), { once: true });
    try {
      await back.publish(topic, Buffer.from(payload), command.ttlMs);
      return await answered.promise;
    } catch (error) {
      return refusal('not-delivered', (error as Error).message);
    } finally {
      this.#waiting.delete(command.id);
    }
  }
}

function pastKey({ group, device, metric, timeUs }: PastReading): string {
  return `${group}/${device} ${metric} ${timeUs}`;
}

function refusal(code: string, message: string): CommandAnswer {
  return { ok: false, error: { code, message } };
}

function keyOf({ group, device }: DeviceName): string {
  return `${group}/${device}`;
}
