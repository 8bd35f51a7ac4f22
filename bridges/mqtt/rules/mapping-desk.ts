/**
 * Where people map topics that nothing knows: a draft is tried on what waits in the inbox, a saved one is used for
 * every message from then on and takes in what waits. Spec: ARCHITECTURE §8.
 */
import type { Principal } from '#contract/access.ts';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type {
  MappedMessage,
  MappedReading,
  Mapping,
  MappingDraft,
  MappingPreview,
  Replayed,
} from '#contract/mapping.ts';
import type { AuditStore, Clock, InboxPayload, InboxStore, Mappings, MappingStore } from '#ports';
import { Discovered } from '../discovered.ts';
import { FamilyMemory } from '../family-memory.ts';
import type { Inbound } from '../inbound.ts';
import { LocalTime } from '../local-time.ts';
import { mapToFamily, type MappingContext } from '../mapping.ts';
import type { KeptMessage, Meaning } from '../meaning.ts';
import { ReplayTally } from './replay-tally.ts';
import { RuleBook } from './rule-book.ts';
import { Rule } from './rule.ts';
import { senderRights, type KeptAccess } from './sender-rights.ts';

export interface MappingDeskOptions {
  readonly store: MappingStore;
  readonly inbox: Pick<InboxStore, 'topics' | 'payloads' | 'taken'>;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly access: KeptAccess;
  readonly clock: Clock;
  /** Uniform bytes for ids. */
  readonly random: (bytes: number) => Uint8Array;
  readonly timeZone?: string | undefined;
}

const idBytes = 9;
const previewMost = 50;

export class MappingDesk implements Mappings {
  readonly rules: RuleBook;
  readonly #options: MappingDeskOptions;
  readonly #localTime: LocalTime;
  #inbound: Pick<Inbound, 'takeKept'> | undefined;

  /** @throws {RequestError} a stored mapping cannot be used any more */
  static async open(options: MappingDeskOptions): Promise<MappingDesk> {
    const rules = new RuleBook();
    const stored = await options.store.load();
    for (const mapping of stored.toSorted((a, b) => a.createdAt - b.createdAt)) rules.set(mapping);
    return new MappingDesk(options, rules);
  }

  private constructor(options: MappingDeskOptions, rules: RuleBook) {
    this.#options = options;
    this.rules = rules;
    this.#localTime = new LocalTime(options.timeZone);
  }

  /** Where messages go that are taken out of the inbox; it asks {@link rules} itself. */
  use(inbound: Pick<Inbound, 'takeKept'>): void {
    this.#inbound = inbound;
  }

  list(): readonly Mapping[] {
    return this.rules.list();
  }

  async preview(draft: MappingDraft): Promise<MappingPreview> {
    const rule = new Rule(draft);
    const topics = await this.#topicsOf(rule);
    const messages: MappedMessage[] = [];
    for (const topic of topics) {
      if (messages.length >= previewMost) break;
      for (const waiting of await this.#options.inbox.payloads(topic))
        messages.push(this.#try(rule, topic, waiting));
    }
    return {
      topics: topics.length,
      messages: messages.toSorted((a, b) => b.at - a.at).slice(0, previewMost),
    };
  }

  async save(
    draft: MappingDraft,
    by: Principal,
    id?: string,
  ): Promise<{ readonly mapping: Mapping; readonly applied: Replayed }> {
    const rule = new Rule(draft);
    const mapping = this.#toMapping(draft, by, id);
    await this.#options.store.save(mapping);
    this.rules.set(mapping);
    await this.#audit(by, id === undefined ? 'mapping:create' : 'mapping:change', mapping);
    return { mapping, applied: await this.#apply(rule) };
  }

  async remove(id: string, by: Principal): Promise<boolean> {
    const mapping = this.rules.get(id);
    if (mapping === undefined) return false;
    await this.#options.store.remove(id);
    this.rules.delete(id);
    await this.#audit(by, 'mapping:delete', mapping);
    return true;
  }

  #toMapping(draft: MappingDraft, by: Principal, id: string | undefined): Mapping {
    const before = id === undefined ? undefined : this.rules.get(id);
    if (id !== undefined && before === undefined)
      throw new RequestError(404, 'no-such-mapping', 'There is no mapping with this id.');
    if (before === undefined && this.rules.size >= limits.mappings)
      throw new RequestError(422, 'too-many-mappings', `There are at most ${limits.mappings} mappings.`);
    const now = this.#options.clock.nowUs() / 1000;
    const made = Buffer.from(this.#options.random(idBytes)).toString('base64url');
    return {
      ...draft,
      id: before?.id ?? made,
      createdAt: before?.createdAt ?? now,
      changedAt: now,
      changedBy: by.name,
    };
  }

  async #topicsOf(rule: Rule): Promise<readonly string[]> {
    const topics = await this.#options.inbox.topics();
    return topics.filter((topic) => rule.selects(topic));
  }

  #try(rule: Rule, topic: string, waiting: InboxPayload): MappedMessage {
    const context: MappingContext = {
      localTime: this.#localTime,
      discovered: new Discovered(),
      memory: new FamilyMemory(),
      rules: rule,
    };
    const meaning = mapToFamily(this.#toMessage(topic, waiting), [], context);
    const { readings = [], problems = [], aside } = meaning ?? {};
    return {
      topic,
      payload: waiting.payload,
      at: waiting.at,
      readings: readings.map((reading) => toMapped(reading, meaning)),
      problems: aside === undefined ? problems : [{ path: '', code: 'nothing-found', message: aside }],
    };
  }

  async #apply(rule: Rule): Promise<Replayed> {
    const tally = new ReplayTally();
    const inbound = this.#inbound;
    if (inbound === undefined) return tally;
    const { inbox } = this.#options;
    for (const topic of await this.#topicsOf(rule)) {
      const taken: number[] = [];
      // The oldest first, as they came.
      for (const waiting of (await inbox.payloads(topic)).toReversed())
        if (tally.add(await inbound.takeKept(this.#toMessage(topic, waiting))) === 'done')
          taken.push(waiting.id);
      if (taken.length > 0) await inbox.taken(topic, taken);
    }
    return tally;
  }

  #toMessage(topic: string, { id, at, payload, principal }: InboxPayload): KeptMessage {
    return {
      topic,
      payload,
      isReplay: false,
      possibleDuplicate: false,
      receivedAtUs: Math.round(at * 1000),
      principal,
      kept: { id: `inbox ${id}` },
      mayWrite: senderRights(this.#options.access, principal),
    };
  }

  #audit(by: Principal, action: string, { id, name, topic }: Mapping): Promise<void> {
    const at = this.#options.clock.nowUs() / 1000;
    const target = `${id} ${name} ${topic}`;
    return this.#options.audit.append({ at, principal: by.id, action, target, outcome: 'ok' });
  }
}

function toMapped(
  { group, device, metric, value, quality, timeUs }: NonNullable<Meaning['readings']>[number],
  meaning: Meaning | undefined,
): MappedReading {
  const described = meaning?.descriptions?.find((each) => each.device === device && each.group === group);
  const unit = described?.description.metrics?.find((info) => info.metric === metric)?.unit;
  return {
    group,
    device,
    metric,
    value,
    ...(quality !== undefined && { quality }),
    ...(unit !== undefined && { unit }),
    ...(timeUs !== undefined && { time: timeUs / 1000 }),
  };
}
