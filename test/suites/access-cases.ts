/**
 * Who may do what where, as one table. Every protocol must agree with it cell by cell: `may()` itself, Socket.IO,
 * MQTT and HTTP run the same cases.
 */
import type { Action } from '#contract/access.ts';
import type { NewToken } from '#ports';

/** Two groups with a device each; `plant` has a second one. */
export const places = {
  'own device': { group: 'plant', device: 'pump' },
  'other device': { group: 'plant', device: 'valve' },
  'own group': { group: 'plant' },
  'foreign device': { group: 'office', device: 'pump' },
  'foreign group': { group: 'office' },
  'device without a group': { device: 'pump' },
  hub: {},
} as const;
export type Place = keyof typeof places;

export const tokens = {
  admin: { name: 'admin', role: 'admin', groups: '*' },
  'admin of plant': { name: 'plant admin', role: 'admin', groups: ['plant'] },
  operator: { name: 'operator', role: 'operator', groups: ['plant'] },
  'operator of all': { name: 'operator', role: 'operator', groups: '*' },
  viewer: { name: 'viewer', role: 'viewer', groups: ['plant'] },
  device: { name: 'pump', role: 'device', groups: ['plant'], device: 'pump' },
  gateway: {
    name: 'gateway',
    role: 'gateway',
    groups: ['plant'],
    topicFilters: ['tele/+/SENSOR', 'zigbee/#'],
  },
} as const satisfies Record<string, NewToken>;
export type Who = keyof typeof tokens;

const inPlant: readonly Place[] = ['own device', 'other device', 'own group'];
const inAllGroups: readonly Place[] = [...inPlant, 'foreign device', 'foreign group'];
const everywhere: readonly Place[] = [...inAllGroups, 'hub'];
const inPlantAndStatus: readonly Place[] = [...inPlant, 'hub'];
const itself: readonly Place[] = ['own device'];
const nowhere: readonly Place[] = [];

type Row = readonly [who: Who, allowed: readonly Place[]];

/** For each action: where it is open to whom. Who is not named may do it nowhere. */
const table: Readonly<Record<Action, readonly Row[]>> = {
  'telemetry:write': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['device', itself],
    ['gateway', inPlant],
  ],
  'event:write': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['device', itself],
    ['gateway', inPlant],
  ],
  'reported:write': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['device', itself],
    ['gateway', inPlant],
  ],
  'command:receive': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['device', itself],
    ['gateway', inPlant],
  ],
  'readings:read': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['operator', inPlant],
    ['operator of all', everywhere],
    ['viewer', inPlant],
  ],
  'device:read': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['operator', inPlant],
    ['operator of all', everywhere],
    ['viewer', inPlant],
  ],
  'command:send': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['operator', inPlant],
    ['operator of all', everywhere],
  ],
  'device:manage': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
  ],
  'hub:read': [
    ['admin', everywhere],
    ['admin of plant', inPlantAndStatus],
    ['operator', inPlantAndStatus],
    ['operator of all', everywhere],
    ['viewer', inPlantAndStatus],
  ],
  'inbox:read': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['operator', inPlant],
    ['operator of all', everywhere],
  ],
  'inbox:write': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
    ['operator', inPlant],
    ['operator of all', everywhere],
  ],
  'token:manage': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
  ],
  'hub:manage': [
    ['admin', everywhere],
    ['admin of plant', inPlant],
  ],
};

export interface AccessCase {
  readonly who: Who;
  readonly action: Action;
  readonly place: Place;
  readonly allowed: boolean;
}

export const accessCases: readonly AccessCase[] = (Object.keys(table) as Action[]).flatMap((action) =>
  (Object.keys(tokens) as Who[]).flatMap((who) => {
    const allowed = table[action].find(([name]) => name === who)?.[1] ?? nowhere;
    return (Object.keys(places) as Place[]).map((place) => ({
      who,
      action,
      place,
      allowed: allowed.includes(place),
    }));
  }),
);

/** Foreign topics: only topic filters open them (and an admin of all groups). The action is `telemetry:write`. */
export const topicCases: readonly { readonly who: Who; readonly topic: string; readonly allowed: boolean }[] =
  [
    { who: 'gateway', topic: 'tele/pump/SENSOR', allowed: true },
    { who: 'gateway', topic: 'zigbee', allowed: true },
    { who: 'gateway', topic: 'zigbee/a/b/c', allowed: true },
    { who: 'gateway', topic: 'zigbee/+/set', allowed: true },
    { who: 'gateway', topic: 'zigbee/#', allowed: true },
    { who: 'gateway', topic: 'tele/pump/STATE', allowed: false },
    { who: 'gateway', topic: 'tele/a/b/SENSOR', allowed: false },
    { who: 'gateway', topic: 'tele/#', allowed: false },
    { who: 'gateway', topic: '#', allowed: false },
    { who: 'gateway', topic: '+/pump/SENSOR', allowed: false },
    { who: 'gateway', topic: '$SYS/broker', allowed: false },
    { who: 'admin', topic: 'tele/pump/SENSOR', allowed: true },
    { who: 'admin of plant', topic: 'tele/pump/SENSOR', allowed: false },
    { who: 'device', topic: 'tele/pump/SENSOR', allowed: false },
    { who: 'operator', topic: 'tele/pump/SENSOR', allowed: false },
    { who: 'viewer', topic: 'tele/pump/SENSOR', allowed: false },
  ];
