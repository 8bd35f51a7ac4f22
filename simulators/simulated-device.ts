/**
 * One simulated device: samples its model as time passes, and does what it is told.
 * Its only state is what commands have set; a restart forgets it, as a power cut would.
 */
import type { CommandAnswer } from '#contract/command.ts';
import type { Control } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { nowMs } from './clock.ts';
import type { Clock } from './clock.ts';
import type { DeviceCommand, DeviceIdentity, DeviceMessage } from './messages.ts';
import { descriptionOf, sampleOf } from './models/model.ts';
import type { Model, Settings } from './models/model.ts';
import { seedOf } from './signals/noise.ts';

/** Answers remembered so that a command sent twice is done once. */
const rememberedAnswers = 64;

export interface DeviceSpec {
  readonly group: string;
  readonly device: string;
  readonly title: string;
  readonly model: Model;
}

/** The seed of one device's signals: the same for its live readings and its history. */
export function deviceSeed(spec: DeviceSpec, fleetSeed: number): number {
  return seedOf(fleetSeed, spec.group, spec.device);
}

export class SimulatedDevice {
  readonly identity: DeviceIdentity;
  readonly #model: Model;
  readonly #seed: number;
  readonly #clock: Clock;
  readonly #say: (message: DeviceMessage) => void;
  #settings: Settings = {};
  #eventsUntilMs: number;
  readonly #answers = new Map<string, CommandAnswer>();

  constructor(parts: {
    readonly spec: DeviceSpec;
    readonly fleetSeed: number;
    readonly clock: Clock;
    readonly say: (message: DeviceMessage) => void;
  }) {
    const { group, device, title, model } = parts.spec;
    this.#model = model;
    this.#seed = deviceSeed(parts.spec, parts.fleetSeed);
    this.#clock = parts.clock;
    this.#say = parts.say;
    this.#eventsUntilMs = nowMs(parts.clock);
    const description = descriptionOf(model, title);
    this.identity = { group, device, kind: model.kind, description, controls: model.controls };
  }

  /** Reports its values at `atMs`, and what happened since the last call. */
  sampleAt(atMs: number): void {
    this.#say({ type: 'telemetry', ts: atMs, values: this.#valuesAt(atMs) });
    const events = this.#model.events?.(this.#eventsUntilMs, atMs, this.#seed) ?? [];
    this.#eventsUntilMs = Math.max(this.#eventsUntilMs, atMs);
    for (const { name, atMs: ts, data } of events) {
      this.#say({ type: 'event', ts, name, data, id: `${this.identity.device}-${name}-${ts}` });
    }
  }

  /** Does what it is told, reports the new state at once, and answers. A repeated id is answered, not done again. */
  execute(command: DeviceCommand): CommandAnswer {
    const known = command.id === undefined ? undefined : this.#answers.get(command.id);
    if (known !== undefined) return known;
    const answer = this.#perform(command);
    if (command.id !== undefined) this.#remember(command.id, answer);
    return answer;
  }

  #perform(command: DeviceCommand): CommandAnswer {
    const atMs = nowMs(this.#clock);
    if (command.deadline !== undefined && atMs > command.deadline)
      return refusal('expired', 'The command arrived after its deadline.');
    const control = this.#model.controls.find((candidate) => candidate.name === command.name);
    if (control === undefined) return refusal('unknown-command', `There is no "${command.name}" here.`);
    if (control.kind === 'button') {
      const id = `${this.identity.device}-${control.name}-${atMs}`;
      this.#say({ type: 'event', ts: atMs, name: control.name, data: null, id });
      return { ok: true, state: 'succeeded' };
    }
    const value = this.#wantedValue(control, valueIn(command.args), atMs);
    if (value === undefined) return refusal('invalid-value', expectation(control));
    this.#settings = { ...this.#settings, [control.name]: { value, sinceMs: atMs } };
    this.#say({ type: 'telemetry', ts: atMs, values: this.#valuesAt(atMs), confirms: control.name });
    return { ok: true, state: 'succeeded', result: { value } };
  }

  /** Undefined when the control cannot take it. */
  #wantedValue(control: Control, value: Json | undefined, atMs: number): number | boolean | undefined {
    if (control.kind === 'switch') {
      if (value === 'toggle') return this.#valuesAt(atMs)[control.name] !== true;
      return typeof value === 'boolean' ? value : undefined;
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
    const { min = -Infinity, max = Infinity } = control;
    return value >= min && value <= max ? value : undefined;
  }

  #valuesAt(atMs: number) {
    return sampleOf(this.#model, atMs, this.#seed, this.#settings);
  }

  #remember(id: string, answer: CommandAnswer): void {
    this.#answers.set(id, answer);
    const oldest = this.#answers.keys().next().value;
    if (this.#answers.size > rememberedAnswers && oldest !== undefined) this.#answers.delete(oldest);
  }
}

function valueIn(args: Json): Json | undefined {
  if (args === null || typeof args !== 'object' || Array.isArray(args)) return undefined;
  return (args as { readonly [key: string]: Json }).value;
}

function expectation(control: Control): string {
  if (control.kind === 'switch') return `"${control.name}" takes { value: true } or { value: false }.`;
  return `"${control.name}" takes { value } from ${control.min ?? '-∞'} to ${control.max ?? '∞'}.`;
}

function refusal(code: string, message: string): CommandAnswer {
  return { ok: false, error: { code, message } };
}
