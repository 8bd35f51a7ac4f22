/** Roles, actions and who may do what, as data. One function, `access.may`, reads this table. */
export const roles = ['admin', 'operator', 'viewer', 'device', 'gateway'] as const;
export type Role = (typeof roles)[number];

export const actions = [
  'telemetry:write',
  'event:write',
  'reported:write',
  'command:receive',
  'readings:read',
  'device:read',
  'command:send',
  'device:manage',
  'hub:read',
  'inbox:read',
  'inbox:write',
  'token:manage',
  'hub:manage',
] as const;
export type Action = (typeof actions)[number];

/** What each role may do inside the groups (and for `device`, the one device) of its grant. */
export const grants: Readonly<Record<Role, readonly Action[]>> = {
  admin: actions,
  operator: ['readings:read', 'device:read', 'command:send', 'hub:read', 'inbox:read', 'inbox:write'],
  viewer: ['readings:read', 'device:read', 'hub:read'],
  device: ['telemetry:write', 'event:write', 'reported:write', 'command:receive'],
  gateway: ['telemetry:write', 'event:write', 'reported:write', 'command:receive'],
};

/** What an action is done to. An absent part means "the hub as a whole". */
export interface Target {
  readonly group?: string | undefined;
  readonly device?: string | undefined;
  /** A foreign MQTT topic name or filter: only a gateway's topic filters (or admin) open it. */
  readonly topic?: string | undefined;
}

/** What a token opens: what one is made from, listed by and asked with. */
export interface Grant {
  readonly name: string;
  readonly role: Role;
  readonly groups: '*' | readonly string[];
  /** Only for role `device`: the one device, in the one group of `groups`. */
  readonly device?: string | undefined;
  /** Only for role `gateway`: MQTT topic filters it may publish to beside our own topics. */
  readonly topicFilters?: readonly string[] | undefined;
  /** Epoch ms. */
  readonly expiresAt?: number | undefined;
}

/** Who is asking: made from a token or a session, never from a payload. */
export interface Principal extends Grant {
  /** The token's public id, or the session's. */
  readonly id: string;
  /** The token behind it (a session made from a token falls with it). */
  readonly tokenId: string;
}

/** A token as it is listed: never its secret. */
export interface TokenInfo extends Grant {
  readonly id: string;
  readonly createdAt: number;
  readonly revokedAt?: number | undefined;
  readonly lastUsedAt?: number | undefined;
}
