/**
 * An event is something that happened: a button press, an alarm line, a boot.
 * Never conflated, never merged by equal value, in order in every view.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Names of what the hub itself tells of a device: `hub:offline`, … No device may use them. */
const hubPrefix = 'hub:';

export function isHubEvent(name: string): boolean {
  return name.startsWith(hubPrefix);
}

export interface DeviceEvent {
  readonly group: string;
  readonly device: string;
  readonly name: string;
  /** Microseconds since the Unix epoch, an integer. */
  readonly timeUs: number;
  readonly data: Json;
  readonly stampedBy: 'device' | 'hub';
  readonly id?: string | undefined;
}

/** Events and readings share one sequence of offsets. */
export interface CommittedEvent extends DeviceEvent {
  readonly offset: number;
}

/**
 * An event as dashboards receive it: live, or in the answer to a subscription that resumes. Offsets say the order, and
 * which of those in the answer have come live already.
 */
export interface EventMessage {
  readonly group: string;
  readonly device: string;
  readonly name: string;
  readonly offset: number;
  /** Epoch milliseconds, fractions allowed. */
  readonly time: number;
  readonly data: Json;
}

export function toEventMessage({ group, device, name, offset, timeUs, data }: CommittedEvent): EventMessage {
  return { group, device, name, offset, time: timeUs / 1000, data };
}
