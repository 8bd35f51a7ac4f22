import { describe, expect, test } from 'vitest';
import Value from 'typebox/value';
import type { TSchema } from 'typebox';
import type { TokenInfo } from '#contract/access.ts';
import type { CommandRecord } from '#contract/command.ts';
import type { DeviceInfo, GroupInfo } from '#contract/device.ts';
import { Command, Device, Group, listOf, Token } from '../../../hub/http/schemas.ts';

/** With every field, so that the compiler asks for a new one here as well. */
type Full<T> = T extends readonly (infer Item)[]
  ? readonly Full<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: Full<Exclude<T[Key], undefined>> }
    : T;

const device: Full<Omit<DeviceInfo, 'reported' | 'twin'>> & Pick<DeviceInfo, 'reported' | 'twin'> = {
  group: 'plant',
  device: 'pump',
  title: 'Pump',
  model: 'P400',
  labels: { room: 'cellar' },
  metrics: [{ metric: 'power', title: 'Power', unit: 'W', class: 'power', precision: 1, min: 0, max: 400 }],
  controls: [
    {
      name: 'speed',
      kind: 'slider',
      title: 'Speed',
      metric: 'speed',
      unit: '%',
      min: 20,
      max: 100,
      step: 5,
      dangerous: true,
    },
  ],
  presence: 'online',
  presenceSince: 1,
  expectedIntervalMs: 10_000,
  sleeps: true,
  lastSeen: 2,
  location: { name: 'Cellar', latitude: 48.1, longitude: 11.6, altitude: 520 },
  aliases: [{ group: 'plant', device: 'old-pump' }],
  admission: 'waiting',
  archivedAt: 3,
  twin: { desired: { on: true }, version: 2, desiredAt: 5, reportedVersion: 1, delta: { on: true } },
  reported: { firmware: { version: [1, 2] } },
};
const group: Full<GroupInfo> = {
  group: 'plant',
  title: 'Plant',
  devices: 4,
  online: 2,
  stale: 1,
  unheard: 1,
  waiting: 1,
  archivedAt: 4,
};
const command: Full<Omit<CommandRecord, 'args' | 'result'>> & Pick<CommandRecord, 'args' | 'result'> = {
  group: 'plant',
  id: 'c1',
  device: 'pump',
  name: 'speed',
  args: { value: 40 },
  state: 'failed',
  principal: 't1',
  requestedBy: 'Ann',
  createdAt: 1,
  deadline: 2,
  waitForDevice: false,
  history: [{ state: 'queued', at: 1 }],
  result: null,
  error: { code: 'offline', message: 'The pump is away.' },
};
const token: Full<TokenInfo> = {
  id: 't1',
  name: 'pump',
  role: 'device',
  groups: ['plant'],
  device: 'pump',
  topicFilters: ['a/#'],
  createdAt: 1,
  expiresAt: 2,
  revokedAt: 3,
  lastUsedAt: 4,
};

/** Fields of a value that its schema does not tell of; what is any JSON or a record has none. */
function untold(schema: TSchema, value: unknown, path = ''): string[] {
  const { items, properties } = schema as { items?: TSchema; properties?: Record<string, TSchema> };
  if (Array.isArray(value) && items !== undefined)
    return value.flatMap((item) => untold(items, item, `${path}[]`));
  if (typeof value !== 'object' || value === null || properties === undefined) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const told = properties[key];
    return told === undefined ? [`${path}.${key}`] : untold(told, field, `${path}.${key}`);
  });
}

describe('The schemas of answers', () => {
  for (const [name, schema, answer] of [
    ['a device', Device, device],
    ['a group', Group, group],
    ['a command', Command, command],
    ['a token', Token, token],
  ] as const) {
    test(`tell every field of ${name}`, () => expect(untold(schema, answer)).toEqual([]));

    test(`hold of ${name}`, () => expect([...Value.Errors(schema, answer)]).toEqual([]));
  }

  test('do not ask for what a device may leave untold', () => {
    const silent = {
      ...device,
      controls: [{ name: 'boot', kind: 'button' }],
      metrics: [{ metric: 'power' }],
    };
    const { model: _model, lastSeen: _lastSeen, ...rest } = silent;
    expect([...Value.Errors(Device, rest)]).toEqual([]);
  });

  test('put lists into an object, so that a list can get further fields', () => {
    expect([...Value.Errors(listOf(Group), { items: [group], next: 'later' })]).toEqual([]);
    expect(Value.Check(listOf(Group), [group])).toBe(false);
  });
});
