/**
 * Many simulated devices, each with a link of its own: what `npm run simulate`, the demo and `npm run dev` run.
 * Readings fall on a fixed grid of time, so a late timer does not shift what was measured when.
 */
import { nowMs } from './clock.ts';
import type { Clock } from './clock.ts';
import { injectFaults, skewOf } from './faults.ts';
import type { Fault, Skew } from './faults.ts';
import type { Connector } from './links/connector.ts';
import { DeviceLink } from './links/device-link.ts';
import type { DeviceIdentity, DeviceMessage } from './messages.ts';
import { catalogue } from './models/catalogue.ts';
import type { Model } from './models/model.ts';
import { chance, seededRandom, seedOf } from './signals/noise.ts';
import { deviceSeed, SimulatedDevice } from './simulated-device.ts';
import type { DeviceSpec } from './simulated-device.ts';
import type { Tally } from './tally.ts';

export interface FleetParts {
  readonly specs: readonly DeviceSpec[];
  readonly connectorFor: (device: DeviceIdentity, index: number) => Connector;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly seed: number;
  /** Readings per second and device. */
  readonly rate: number;
  readonly faults?: ReadonlySet<Fault>;
  readonly onTrouble?: (reason: string) => void;
}

interface Member {
  readonly device: SimulatedDevice;
  readonly link: DeviceLink;
  readonly phaseMs: number;
}

/** A mixed fleet in one group: the kinds of the catalogue in turn, numbered. */
export function mixedSpecs(
  group: string,
  count: number,
  models: readonly Model[] = catalogue,
): readonly DeviceSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const model = models[index % models.length];
    if (model === undefined) throw new RangeError('A fleet needs at least one kind of device.');
    const number = Math.floor(index / models.length) + 1;
    return { group, device: `${model.kind}-${number}`, title: `${model.title} ${number}`, model };
  });
}

export class Fleet {
  readonly #parts: FleetParts;
  readonly #members: readonly Member[];
  readonly #cancels = new Set<() => void>();
  #running = false;

  constructor(parts: FleetParts) {
    this.#parts = parts;
    this.#members = parts.specs.map((spec, index) => this.#member(spec, index));
  }

  get connected(): number {
    return this.#members.filter((member) => member.link.isConnected).length;
  }

  start(): void {
    this.#running = true;
    for (const member of this.#members) {
      member.link.start();
      this.#schedule(member);
    }
  }

  /** No more readings; what waits gets a moment to be acknowledged, then all say farewell. */
  async stop(): Promise<void> {
    this.#running = false;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    await Promise.all(this.#members.map((member) => member.link.stop()));
  }

  #member(spec: DeviceSpec, index: number): Member {
    const { clock, tally, seed, rate, connectorFor, onTrouble } = this.#parts;
    const random = seededRandom(seedOf(seed, 'faults', spec.group, spec.device));
    const say = this.#mouth(random, (message) => link.send(message));
    const device = new SimulatedDevice({ spec, fleetSeed: seed, clock, say });
    const link: DeviceLink = new DeviceLink({
      connector: connectorFor(device.identity, index),
      clock,
      random,
      tally,
      onCommand: (command) => device.execute(command),
      ...(onTrouble === undefined ? {} : { onTrouble }),
    });
    return { device, link, phaseMs: Math.floor(chance(deviceSeed(spec, seed), 0) * (1000 / rate)) };
  }

  /** What a device says goes through its faults, and late messages wait here. */
  #mouth(random: () => number, send: (message: DeviceMessage) => void): (message: DeviceMessage) => void {
    const { clock, tally, faults } = this.#parts;
    if (faults === undefined || faults.size === 0) return send;
    const deviceClock: { readonly skew: Skew; readonly bootMs: number } = {
      skew: skewOf(faults, random),
      bootMs: nowMs(clock),
    };
    return (message) => {
      const { deliveries, injected } = injectFaults(message, faults, random, deviceClock);
      for (const fault of injected) tally.injected(fault);
      for (const delivery of deliveries) {
        if (delivery.delayMs === 0) send(delivery.message);
        else this.#later(delivery.delayMs, () => send(delivery.message));
      }
    };
  }

  /** The next instant of this device's grid after now; instants that a sleeping machine missed are not made up. */
  #schedule(member: Member): void {
    const intervalMs = 1000 / this.#parts.rate;
    const now = this.#parts.clock.nowUs() / 1000;
    const tick = Math.floor((now - member.phaseMs) / intervalMs) + 1;
    const atMs = Math.round(member.phaseMs + tick * intervalMs);
    this.#later(Math.max(1, atMs - now), () => {
      member.device.sampleAt(atMs);
      this.#schedule(member);
    });
  }

  #later(ms: number, fn: () => void): void {
    if (!this.#running) return;
    const cancel = this.#parts.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      fn();
    });
    this.#cancels.add(cancel);
  }
}
