/** The routes of the hub that have no Socket.IO event of their own. */
import type { Action, Grant, Role, TokenInfo } from '#contract/access.ts';
import type { DeviceMove, DevicePatch, GroupPatch } from '#contract/device-patch.ts';
import type { DeviceInfo, GroupInfo } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import type { InboxEntry, Mapping, MappingDraft, PreviewedMessage, Replayed } from '#contract/mapping.ts';
import type { RetentionPolicy } from '#contract/retention.ts';
import type { RetentionRule } from '#contract/retention-rules.ts';
import type { HubStatus } from '#contract/status.ts';
import type { TokenPatch } from '../format/token-draft.ts';
import { HttpProblem } from './http.ts';
import type { Http } from './http.ts';

/** Who this page is logged in as. */
export interface WhoAmI {
  readonly name: string;
  readonly role: Role;
  readonly groups: '*' | readonly string[];
  readonly actions: readonly Action[];
  /** Epoch ms: when the session ends unless it is renewed. */
  readonly expiresAt?: number | undefined;
}

/** Who did what, as the hub writes it down. */
export interface AuditEntry {
  /** Epoch ms. */
  readonly at: number;
  readonly principal: string;
  /** Of the token, where it is one; so too the target's. */
  readonly principalName?: string | undefined;
  readonly address?: string | undefined;
  readonly action: string;
  readonly target: string;
  readonly targetName?: string | undefined;
  readonly outcome: string;
}

/** A payload that can never be accepted as it is, and why. */
export interface QuarantineEntry extends Pick<InboxEntry, 'payload' | 'encoding'> {
  readonly id: number;
  /** Epoch ms. */
  readonly at: number;
  readonly code: string;
  readonly message: string;
  readonly source: {
    readonly edge: string;
    readonly principal: string;
    /** Of the token that the principal is. */
    readonly principalName?: string | undefined;
    readonly topic?: string | undefined;
  };
}

export interface QuarantinePage {
  /** Newest first. */
  readonly items: readonly QuarantineEntry[];
  /** How many there are in all, whatever was asked for. */
  readonly total: number;
}

/** Devices that the lists leave out, and why. */
export const outOfSight = ['waiting', 'denied', 'archived'] as const;
export type OutOfSight = (typeof outOfSight)[number];

export const quarantineExport = '/api/v1/quarantine/export';

export type Credential = { readonly code: string } | { readonly token: string };

export class HubApi {
  readonly #http: Http;

  constructor(parts: { http: Http }) {
    this.#http = parts.http;
  }

  /** @returns undefined when nobody is logged in @throws {HttpProblem} */
  async whoAmI(): Promise<WhoAmI | undefined> {
    try {
      return (await this.#http.get('/api/v1/session')) as WhoAmI;
    } catch (error) {
      if (error instanceof HttpProblem && error.status === 401) return undefined;
      throw error;
    }
  }

  /** @throws {HttpProblem} 401 when the code or token is wrong, used or expired */
  async logIn(credential: Credential): Promise<WhoAmI> {
    return (await this.#http.post('/api/v1/session', credential)) as WhoAmI;
  }

  /** Puts off the end of the session. @returns undefined when it has ended @throws {HttpProblem} */
  async renew(): Promise<WhoAmI | undefined> {
    try {
      return (await this.#http.put('/api/v1/session', {})) as WhoAmI;
    } catch (error) {
      if (error instanceof HttpProblem && error.status === 401) return undefined;
      throw error;
    }
  }

  async logOut(): Promise<void> {
    await this.#http.delete('/api/v1/session');
  }

  async status(): Promise<HubStatus> {
    return (await this.#http.get('/api/v1/status')) as HubStatus;
  }

  /** The hundred topics that came up last, the one that was seen last first. */
  async inbox(): Promise<{ readonly items: readonly InboxEntry[]; readonly hasMore: boolean }> {
    const answer = await this.#http.get('/api/v1/inbox');
    const items = itemsOf(answer) as readonly InboxEntry[];
    const { next } = answer as { readonly next?: string };
    return { items: items.toSorted((a, b) => b.lastSeen - a.lastSeen), hasMore: next !== undefined };
  }

  /** Newest first; never with their secrets. */
  async tokens(): Promise<readonly TokenInfo[]> {
    return itemsOf(await this.#http.get('/api/v1/tokens')) as readonly TokenInfo[];
  }

  /** @returns the secret, which is shown this once */
  async makeToken(grant: Grant): Promise<{ readonly secret: string; readonly info: TokenInfo }> {
    const made = await this.#http.post('/api/v1/tokens', grant);
    return made as { readonly secret: string; readonly info: TokenInfo };
  }

  /** Holds at once, for what is connected too; the secret stays. @throws {HttpProblem} */
  async changeToken(id: string, patch: TokenPatch): Promise<void> {
    await this.#http.patch(`/api/v1/tokens/${encodeURIComponent(id)}`, patch);
  }

  async revokeToken(id: string): Promise<void> {
    await this.#http.delete(`/api/v1/tokens/${encodeURIComponent(id)}`);
  }

  /** Newest first. */
  async audit(): Promise<readonly AuditEntry[]> {
    return itemsOf(await this.#http.get('/api/v1/audit?limit=100')) as readonly AuditEntry[];
  }

  /** How long history is kept. @throws {HttpProblem} */
  async retention(): Promise<RetentionPolicy> {
    return (await this.#http.get('/api/v1/retention')) as RetentionPolicy;
  }

  /** All rules anew, in their order. @throws {HttpProblem} */
  async changeRetention(rules: readonly RetentionRule[]): Promise<RetentionPolicy> {
    return (await this.#http.put('/api/v1/retention', { rules })) as RetentionPolicy;
  }

  /** Archived ones too. */
  async groups(): Promise<readonly GroupInfo[]> {
    return itemsOf(await this.#http.get('/api/v1/groups?archived=true')) as readonly GroupInfo[];
  }

  /** @throws {HttpProblem} 409 when it is to be archived and has devices that are not */
  async changeGroup(group: string, patch: GroupPatch): Promise<void> {
    await this.#http.patch(`/api/v1/groups/${encodeURIComponent(group)}`, patch);
  }

  /** @throws {HttpProblem} 409 when it has devices */
  async deleteGroup(group: string): Promise<void> {
    await this.#http.delete(`/api/v1/groups/${encodeURIComponent(group)}`);
  }

  /** The first thousand at most. @throws {HttpProblem} */
  async devicesOutOfSight(why: OutOfSight): Promise<{ items: readonly DeviceInfo[]; hasMore: boolean }> {
    const query = why === 'archived' ? 'archived=true' : `admission=${why}`;
    const answer = await this.#http.get(`/api/v1/devices?${query}&limit=1000`);
    const { next } = answer as { readonly next?: string };
    return { items: itemsOf(answer) as readonly DeviceInfo[], hasMore: next !== undefined };
  }

  /** Changes what is desired of a device, key by key; `null` removes one. */
  async desire(group: string, device: string, state: Readonly<Record<string, Json>>): Promise<void> {
    await this.#http.patch(`${devicePath(group, device)}/desired`, state);
  }

  /** What is absent stays, `null` removes. @throws {HttpProblem} */
  async changeDevice(group: string, device: string, patch: DevicePatch): Promise<void> {
    await this.#http.patch(devicePath(group, device), patch);
  }

  /** Its past goes along. @throws {HttpProblem} 409 when there is a device of that name and they are not to be merged */
  async moveDevice(group: string, device: string, to: DeviceMove): Promise<void> {
    await this.#http.post(`${devicePath(group, device)}/move`, to);
  }

  async dismiss(topic: string): Promise<void> {
    await this.#http.delete(`/api/v1/inbox?topic=${encodeURIComponent(topic)}`);
  }

  /** @param query.before only rows with a smaller id @throws {HttpProblem} */
  async quarantine(query: { limit: number; before?: number; code?: string }): Promise<QuarantinePage> {
    const wanted = Object.entries(query).map(([name, value]) => [name, String(value)]);
    return (await this.#http.get(`/api/v1/quarantine?${new URLSearchParams(wanted)}`)) as QuarantinePage;
  }

  /** @param ids at most 1000 @throws {HttpProblem} */
  async replayQuarantine(ids: readonly number[]): Promise<Replayed> {
    return (await this.#http.post('/api/v1/quarantine/replay', { ids })) as Replayed;
  }

  /** @returns how many are gone @throws {HttpProblem} */
  async purgeQuarantine(ids: readonly number[]): Promise<number> {
    return ((await this.#http.post('/api/v1/quarantine/purge', { ids })) as { purged: number }).purged;
  }

  async mappings(): Promise<readonly Mapping[]> {
    return itemsOf(await this.#http.get('/api/v1/mappings')) as readonly Mapping[];
  }

  /** Stores nothing. @throws {HttpProblem} 422 with what cannot be understood of it */
  async previewMapping(draft: MappingDraft): Promise<{ topics: number; items: readonly PreviewedMessage[] }> {
    const answer = await this.#http.post('/api/v1/mappings/preview', draft);
    return answer as { topics: number; items: readonly PreviewedMessage[] };
  }

  async saveMapping(draft: MappingDraft): Promise<{ readonly applied: Replayed }> {
    return (await this.#http.post('/api/v1/mappings', draft)) as { readonly applied: Replayed };
  }

  async deleteMapping(id: string): Promise<void> {
    await this.#http.delete(`/api/v1/mappings/${encodeURIComponent(id)}`);
  }
}

function devicePath(group: string, device: string): string {
  return `/api/v1/groups/${[group, 'devices', device].map(encodeURIComponent).join('/')}`;
}

function itemsOf(answer: unknown): readonly unknown[] {
  return (answer as { readonly items: readonly unknown[] }).items;
}
