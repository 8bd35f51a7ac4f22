/** What each inbound event needs. An event without a row here stops the start. */
import type { Action } from '#contract/access.ts';
import type { DashboardToHub, DeviceToHub, FleetToHub, KeeperToHub } from '#contract/events.ts';

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
    inbox: 'inbox:read',
    mappings: 'inbox:read',
    previewMapping: 'inbox:read',
    saveMapping: 'inbox:write',
    deleteMapping: 'inbox:write',
    replayQuarantine: 'inbox:write',
    trace: 'inbox:read',
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
    trace: 'inbox:read',
  },
} as const satisfies {
  fleet: Record<keyof FleetToHub | keyof KeeperToHub, Action>;
  group: Record<keyof DeviceToHub | keyof DashboardToHub, Action>;
};
