/** What is asked in `/` about what nothing understood: inbox, mappings, quarantine, traces of topics. */
import type { Action } from '#contract/access.ts';
import { RequestError } from '#contract/errors.ts';
import type { KeeperToHub } from '#contract/events.ts';
import { limits } from '#contract/limits.ts';
import { toInboxEntry, toPreviewed } from '#contract/mapping.ts';
import type { Access, InboxRow, InboxStore, Mappings, QuarantineDesk, Traces } from '#ports';
import type { Caller } from './caller.ts';
import type { Handler } from './event-table.ts';
import {
  parseDeleteMapping,
  parseEmpty,
  parseInboxQuery,
  parseMappingDraft,
  parseReplayQuarantine,
  parseSaveMapping,
  parseTopicTrace,
} from './requests.ts';

export interface KeeperParts {
  readonly access: Pick<Access, 'may'>;
  readonly inbox: Pick<InboxStore, 'list'>;
  readonly mappings: Mappings;
  readonly quarantineDesk: Pick<QuarantineDesk, 'replay'>;
  readonly traces: Pick<Traces, 'ofTopic'>;
}

const listedTopics = 100;
/** Of the payloads in one answer: a hundred topics with long ones are more than a connection may hold. */
const pageBytes = limits.socketMessageBytes;

export function keeperHandlers(parts: KeeperParts): Readonly<Record<keyof KeeperToHub, Handler>> {
  const { inbox, mappings, quarantineDesk, traces } = parts;
  return {
    async inbox(caller, payload) {
      const { limit = listedTopics, after } = parseInboxQuery(payload);
      requireHub(parts, caller, 'inbox:read');
      // One more than asked for tells whether there is a next page.
      const found = await inbox.list({ limit: limit + 1, after });
      const page = found.slice(0, Math.min(limit, countWithin(found, pageBytes)));
      const [last] = page.slice(-1);
      const next = page.length < found.length && last && { firstSeen: last.firstSeen, topic: last.topic };
      return { items: page.map(toInboxEntry), ...(next && { next }) };
    },

    mappings(caller, payload) {
      parseEmpty(payload);
      requireHub(parts, caller, 'inbox:read');
      return { items: mappings.list() };
    },

    async previewMapping(caller, payload) {
      requireHub(parts, caller, 'inbox:read');
      const { topics, messages } = await mappings.preview(parseMappingDraft(payload));
      return { topics, items: messages.map(toPreviewed) };
    },

    async saveMapping(caller, payload) {
      requireHub(parts, caller, 'inbox:write');
      const { id, mapping } = parseSaveMapping(payload);
      return mappings.save(mapping, caller.principal, id);
    },

    async deleteMapping(caller, payload) {
      requireHub(parts, caller, 'inbox:write');
      if (await mappings.remove(parseDeleteMapping(payload).id, caller.principal)) return {};
      throw new RequestError(404, 'no-such-mapping', 'There is no mapping with this id.');
    },

    async replayQuarantine(caller, payload) {
      requireHub(parts, caller, 'inbox:write');
      return { replayed: await quarantineDesk.replay(parseReplayQuarantine(payload), caller.principal) };
    },

    trace(caller, payload) {
      requireHub(parts, caller, 'inbox:read');
      return { items: traces.ofTopic(parseTopicTrace(payload).topic) };
    },
  };
}

/** How many of the first rows have payloads of so many bytes together; one at least. */
function countWithin(rows: readonly InboxRow[], bytes: number): number {
  let left = bytes;
  const first = rows.findIndex(({ payloads }) => {
    left -= payloads.reduce((sum, { payload }) => sum + payload.byteLength, 0);
    return left < 0;
  });
  return first === -1 ? rows.length : Math.max(1, first);
}

/** Nobody knows yet to which group such a message belongs: it is for who may see all of them. */
function requireHub({ access }: KeeperParts, { principal }: Caller, action: Action): void {
  if (access.may(principal, action, {})) return;
  throw new RequestError(403, 'forbidden', 'You may not do this.');
}
