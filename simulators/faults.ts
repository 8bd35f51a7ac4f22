/** What goes wrong between a sensor and a hub, on purpose and repeatably. Pure but for the random numbers it is given. */
import type { DeviceMessage } from './messages.ts';
import { hourMs } from './signals/daily-cycle.ts';

export const faultNames = ['drop', 'duplicate', 'late', 'clock'] as const;
export type Fault = (typeof faultNames)[number];

/** Share of the messages that a fault hits. */
const hitShare = 0.05;
/** Share of the devices whose clock is wrong. */
const wrongClockShare = 0.34;
const latestMs = 60_000;

export interface Faulty {
  /** What is really sent, and how much later than it should be. */
  readonly deliveries: readonly { readonly message: DeviceMessage; readonly delayMs: number }[];
  readonly injected: readonly Fault[];
}

/** How far a device's clock is off; `unset` counts from 1970. */
export type Skew =
  { readonly kind: 'right' } | { readonly kind: 'off'; readonly byMs: number } | { readonly kind: 'unset' };

/** One device's clock, for as long as it runs. */
export function skewOf(faults: ReadonlySet<Fault>, random: () => number): Skew {
  if (!faults.has('clock') || random() >= wrongClockShare) return { kind: 'right' };
  const kind = random();
  if (kind < 0.34) return { kind: 'unset' };
  return { kind: 'off', byMs: kind < 0.67 ? 2 * hourMs : -2 * hourMs };
}

/** @param bootMs when the device started: an unset clock counts from there */
export function injectFaults(
  message: DeviceMessage,
  faults: ReadonlySet<Fault>,
  random: () => number,
  clock: { readonly skew: Skew; readonly bootMs: number },
): Faulty {
  if (message.type === 'result') return { deliveries: [{ message, delayMs: 0 }], injected: [] };
  const injected: Fault[] = [];
  const hits = (fault: Fault) => {
    const hit = faults.has(fault) && random() < hitShare;
    if (hit) injected.push(fault);
    return hit;
  };
  const stamped = { ...message, ts: skewed(message.ts, clock.skew, clock.bootMs) };
  if (stamped.ts !== message.ts) injected.push('clock');
  if (hits('drop')) return { deliveries: [], injected };
  const delayMs = hits('late') ? 1000 + random() * (latestMs - 1000) : 0;
  const delivery = { message: stamped, delayMs };
  return { deliveries: hits('duplicate') ? [delivery, delivery] : [delivery], injected };
}

function skewed(ts: number | undefined, skew: Skew, bootMs: number): number | undefined {
  if (ts === undefined || skew.kind === 'right') return ts;
  return skew.kind === 'unset' ? ts - bootMs : ts + skew.byMs;
}
