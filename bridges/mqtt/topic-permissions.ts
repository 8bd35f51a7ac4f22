/**
 * Which action each kind of our own topics needs, and the questions the embedded broker asks with that table.
 * All rights come from `access.may`; nothing here knows a role.
 * Spec: ARCHITECTURE §8 (our topics); MQTT 3.1.1, §4.7.
 */
import type { Action, Principal } from '#contract/access.ts';
import { parseTopic, type OwnTopic } from '#contract/topics.ts';
import { isTopicFilter } from '#contract/topic-filters.ts';
import type { Access } from '#ports';

export interface TopicPermission {
  /** `hub`: only the hub itself publishes here. */
  readonly publish: Action | 'hub';
  readonly subscribe: Action;
}

export const ownTopicKinds = [
  'telemetry',
  'event',
  'status',
  'reported',
  'desired',
  'command',
  'result',
] as const satisfies readonly OwnTopic['kind'][];

export const topicPermissions: Readonly<Record<OwnTopic['kind'], TopicPermission>> = {
  telemetry: { publish: 'telemetry:write', subscribe: 'readings:read' },
  event: { publish: 'event:write', subscribe: 'readings:read' },
  status: { publish: 'reported:write', subscribe: 'device:read' },
  reported: { publish: 'reported:write', subscribe: 'device:read' },
  desired: { publish: 'hub', subscribe: 'command:receive' },
  command: { publish: 'hub', subscribe: 'command:receive' },
  result: { publish: 'command:receive', subscribe: 'command:send' },
};

export interface TopicRightsOptions {
  readonly access: Pick<Access, 'may'>;
  readonly topicRoot: string;
  readonly permissions?: Readonly<Partial<Record<OwnTopic['kind'], TopicPermission>>> | undefined;
}

export class TopicRights {
  readonly #access: Pick<Access, 'may'>;
  readonly #root: string;
  readonly #permissions: Readonly<Partial<Record<OwnTopic['kind'], TopicPermission>>>;

  constructor({ access, topicRoot, permissions = topicPermissions }: TopicRightsOptions) {
    this.#access = access;
    this.#root = topicRoot;
    this.#permissions = permissions;
  }

  /** @throws {Error} a kind of topic has no declared permission: nothing may start */
  verify(): void {
    const missing = ownTopicKinds.filter((kind) => this.#permissions[kind] === undefined);
    if (missing.length > 0)
      throw new Error(`No permission is declared for the topic kind ${missing.join(', ')}.`);
  }

  mayPublish(principal: Principal, topic: string): boolean {
    if (topic.startsWith('$')) return false;
    if (!this.#isOwn(topic))
      return (
        (speaksOfItself(topic) && this.#mayWriteItself(principal)) ||
        this.#access.may(principal, 'telemetry:write', { topic })
      );
    const own = parseTopic(topic, this.#root);
    const action = own === undefined ? 'telemetry:write' : this.#permissions[own.kind]?.publish;
    if (action === undefined || action === 'hub') return false;
    // A misspelt own topic of an own device is let through: a person finds it in the inbox.
    const [, group, device] = topic.split('/');
    if (!group || !device) return false;
    return this.#access.may(principal, action, { group, device });
  }

  mayReceive(principal: Principal, topic: string): boolean {
    if (!this.#isOwn(topic)) return this.#access.may(principal, 'command:receive', { topic });
    const own = parseTopic(topic, this.#root);
    const action = own === undefined ? undefined : this.#permissions[own.kind]?.subscribe;
    if (own === undefined || action === undefined) return false;
    return this.#access.may(principal, action, { group: own.group, device: own.device });
  }

  /** A filter is open when all that it selects is open. */
  maySubscribe(principal: Principal, filter: string): boolean {
    if (!isTopicFilter(filter)) return false;
    const [first, group, device, ...rest] = filter.split('/');
    if (first === '#' || first === '+')
      // It selects our own topics of every group too.
      return (
        this.#access.may(principal, 'command:receive', { topic: filter }) &&
        this.#access.may(principal, 'readings:read', {})
      );
    if (first !== this.#root) return this.#access.may(principal, 'command:receive', { topic: filter });
    const kind = kindOfFilter(rest);
    const action = kind === undefined ? undefined : this.#permissions[kind]?.subscribe;
    if (action === undefined || !group || !device) return false;
    return this.#access.may(principal, action, {
      group: group === '+' ? undefined : group,
      device: device === '+' ? undefined : device,
    });
  }

  #mayWriteItself(principal: Principal): boolean {
    const { groups, device } = principal;
    const group = groups === '*' ? undefined : groups[0];
    if (group === undefined || device === undefined) return false;
    return this.#access.may(principal, 'telemetry:write', { group, device });
  }

  #isOwn(topic: string): boolean {
    return topic === this.#root || topic.startsWith(`${this.#root}/`);
  }
}

/** On these topics of ThingsBoard's a device speaks of itself, whatever its name. */
function speaksOfItself(topic: string): boolean {
  return topic.startsWith('v1/devices/me/') || /^v2\/[ta](?:\/j)?$/.test(topic);
}

/** The one kind that a filter's levels after the device select; undefined if they select several or none. */
function kindOfFilter(levels: readonly string[]): OwnTopic['kind'] | undefined {
  const [verb, second, third] = levels;
  const count = levels.length;
  if (verb === 'telemetry') return count <= 2 ? 'telemetry' : undefined;
  if (verb === 'event' || verb === 'status' || verb === 'reported' || verb === 'desired')
    return count === 1 ? verb : undefined;
  if (verb !== 'commands' || second === undefined || second === '#') return undefined;
  if (count === 2) return 'command';
  return count === 3 && third === 'result' ? 'result' : undefined;
}
