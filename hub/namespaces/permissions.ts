/** What each inbound event needs. An event without a row here stops the start. */
import type { Action } from '#contract/access.ts';
import type { DashboardToHub, DeviceToHub, FleetToHub } from '#contract/events.ts';

export interface Permissions {
  readonly fleet: Readonly<Record<string, Action>>;
  readonly group: Readonly<Record<string, Action>>;
}

export const eventPermissions = {
  fleet: {
    groups: 'device:read',
    search: 'device:read',
    subscribe: 'readings:read',
    unsubscribe: 'readings:read',
  },
  group: {
    telemetry: 'telemetry:write',
    event: 'event:write',
    reported: 'reported:write',
    devices: 'device:read',
    subscribe: 'readings:read',
    unsubscribe: 'readings:read',
    history: 'readings:read',
    last: 'readings:read',
    command: 'command:send',
    commands: 'device:read',
  },
} as const satisfies {
  fleet: Record<keyof FleetToHub, Action>;
  group: Record<keyof DeviceToHub | keyof DashboardToHub, Action>;
};
