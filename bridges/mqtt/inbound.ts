/**
 * The way of every MQTT message into the hub, the same from both brokers: what does it mean, and where does each part
 * of it go. Resolving is the acknowledgement. Nothing ends nowhere: readings and events go to ingest, the rest to the
 * registry, to a waiting command, to quarantine with a reason, or to the inbox.
 * Spec: ARCHITECTURE §5 and §8; §2 for retained replays.
 */
import { RejectedDeliveryError, RequestError } from '#contract/errors.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import { defaultTopicRoot, parseTopic } from '#contract/topics.ts';
import type { Commands, Counters, Devices, Ingest, Log, Receipt, Traces } from '#ports';
import { Descriptions } from './descriptions.ts';
import { Discovered } from './discovered.ts';
import type { Family } from './families/family.ts';
import { FamilyLinks } from './family-links.ts';
import { FamilyMemory } from './family-memory.ts';
import { LocalTime } from './local-time.ts';
import { partsOfKept } from './kept.ts';
import { mapToFamily, type MappingContext, type Rules } from './mapping.ts';
import type { InboundMessage, KeptMessage, Meaning, Outcome } from './meaning.ts';
import { decodeOwn } from './own-topics.ts';
import { toSource, toTraceNote } from './trace-note.ts';

export interface InboundOptions {
  readonly ingest: Ingest;
  readonly devices: Pick<Devices, 'status' | 'reported' | 'describe'>;
  readonly commands: Pick<Commands, 'answer' | 'attach'>;
  readonly log: Log;
  readonly counters: Counters;
  readonly families: readonly Family[];
  readonly topicRoot?: string | undefined;
  /** IANA name of the zone of devices that tell local time. */
  readonly timeZone?: string | undefined;
  /** The mappings that people made: asked before the families. */
  readonly rules?: Rules | undefined;
  readonly traces?: Pick<Traces, 'note'> | undefined;
}

export class Inbound {
  readonly #options: InboundOptions;
  readonly #root: string;
  readonly #context: MappingContext;
  readonly #descriptions = new Descriptions();
  /** To devices that are told in their family's words. */
  readonly links: FamilyLinks;

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#root = options.topicRoot ?? defaultTopicRoot;
    const { rules, timeZone } = options;
    this.#context = {
      localTime: new LocalTime(timeZone),
      discovered: new Discovered(),
      memory: new FamilyMemory(),
      rules,
    };
    this.links = new FamilyLinks(options);
  }

  /**
   * Resolves when everything in the message is durable.
   * @throws {TryAgainError} not stored this time: do not acknowledge, the sender will repeat
   */
  async take(message: InboundMessage): Promise<void> {
    const outcome = await this.#judge(message);
    this.#options.traces?.note(toTraceNote(message, outcome), { bytes: message.payload });
    switch (outcome.kind) {
      case 'rejected':
        return this.#quarantine(message, outcome.code, outcome.message);
      case 'unmapped':
        return this.#toInbox(message, outcome.why);
      case 'refused':
      case 'taken':
    }
  }

  /** Offers again what lies in quarantine or in the inbox: what is refused stays there. @throws {TryAgainError} */
  takeKept(message: KeptMessage): Promise<Outcome> {
    return this.#judge(message);
  }

  async #judge(message: InboundMessage): Promise<Outcome> {
    let meaning: Meaning | undefined;
    try {
      meaning = this.#understand(message);
    } catch (error) {
      if (error instanceof FormatError) return rejected(error);
      this.#options.log.error('A decoder failed.', { topic: message.topic, why: String(error) });
      return rejected({ code: 'decoder-failed', message: 'The hub failed to decode this message.' });
    }
    if (meaning === undefined) {
      this.#options.counters.count('mqtt.received', 'unknown');
      return { kind: 'unmapped', why: 'No family and no mapping knows this topic with this payload.' };
    }
    this.#options.counters.count('mqtt.received', meaning.decoder);
    try {
      return await this.#carryOut(message, meaning);
    } catch (error) {
      if (error instanceof RejectedDeliveryError) {
        // Ingest has put it in quarantine: repeating cannot help.
        this.#options.counters.count('mqtt.rejected', error.code);
        return { kind: 'refused', code: error.code, message: error.message, meaning };
      }
      if (error instanceof RequestError) return rejected(error, meaning);
      throw error;
    }
  }

  #understand(message: InboundMessage): Meaning | undefined {
    const own = parseTopic(message.topic, this.#root);
    if (own !== undefined) return decodeOwn(own, message);
    return mapToFamily(message, this.#options.families, this.#context);
  }

  async #carryOut(message: InboundMessage, meaning: Meaning): Promise<Outcome> {
    const { devices, counters } = this.#options;
    const {
      readings = [],
      events = [],
      presence = [],
      reported = [],
      descriptions = [],
      problems = [],
    } = meaning;
    for (const { code } of problems) counters.count('mqtt.value-dropped', code);
    this.#sayBack(message, meaning);
    const isAnswer = this.#takeAnswers(message, meaning);
    const isEmpty = [readings, events, presence, reported, descriptions].every((part) => part.length === 0);
    if (isEmpty && isAnswer) return { kind: 'taken', meaning };
    if (isEmpty && meaning.answer === undefined) return explain(meaning);
    const receipt =
      readings.length > 0 || events.length > 0 ? await this.#accept(message, meaning) : undefined;
    this.#attach(message, meaning);
    for (const { group, device, state } of reported) await devices.reported(group, device, state);
    for (const { group, device, description } of descriptions) {
      const all = this.#descriptions.add(group, device, description);
      if (all !== undefined) await devices.describe(group, device, all);
    }
    for (const { group, device, presence: word } of presence) devices.status(group, device, word);
    if (meaning.answer !== undefined && !(await this.#answer(meaning.answer))) {
      const { id, group, device } = meaning.answer;
      const text = `No open command ${id} of ${group}/${device}.`;
      return rejected({ code: 'unknown-command', message: text }, meaning);
    }
    return { kind: 'taken', meaning, receipt };
  }

  /** Before the readings: an answer that comes with the state it confirms is the device's own word. */
  #takeAnswers(message: InboundMessage, { answers = [] }: Meaning): boolean {
    const taken = answers.filter((answer) => this.links.answered(answer, message));
    return taken.length > 0;
  }

  /** Before the description: what is offered can be used at once. */
  #attach({ back, isReplay }: InboundMessage, { controls = [], presence = [] }: Meaning): void {
    if (back === undefined) return;
    for (const { group, device, controls: told } of controls)
      this.links.heard({ group, device }, told, back, isReplay);
    for (const { presence: word, ...name } of presence) this.links.status(name, word, back);
  }

  /** Nobody waits for it: who does not hear it will send something that asks for it again. */
  #sayBack({ back, topic: about }: InboundMessage, { says = [] }: Meaning): void {
    const { counters, log } = this.#options;
    for (const { topic, payload } of says) {
      if (back === undefined) {
        counters.count('mqtt.not-said', 'commands-off');
        continue;
      }
      back.publish(topic, Buffer.from(payload)).catch((error: unknown) => {
        counters.count('mqtt.not-said', 'not-sent');
        log.debug('A message to a device could not be sent.', { topic, about, why: String(error) });
      });
    }
  }

  async #accept(message: InboundMessage, meaning: Meaning): Promise<Receipt | undefined> {
    const { receivedAtUs, possibleDuplicate, exactlyOnce, payload, contentType, isReplay, kept } = message;
    const common = { source: toSource(message), receivedAtUs, raw: { bytes: payload, contentType } };
    const { ingest, counters } = this.#options;
    const { readings = [], events = [] } = meaning;
    if (!isReplay) {
      const parts = kept === undefined ? { readings, events } : partsOfKept(kept, { readings, events });
      return ingest.accept({ ...common, ...parts, possibleDuplicate, exactlyOnce });
    }
    // What happened once does not happen again because a broker remembers it.
    if (events.length > 0) counters.count('mqtt.value-dropped', 'event-replay', events.length);
    if (readings.length === 0) return undefined;
    return ingest.accept({ ...common, readings: [], state: readings, isKept: kept !== undefined });
  }

  #answer({ group, device, id, answer }: NonNullable<Meaning['answer']>): Promise<boolean> {
    return this.#options.commands.answer(group, device, id, answer);
  }

  async #quarantine(message: InboundMessage, code: string, text: string): Promise<void> {
    this.#options.counters.count('mqtt.quarantined', code);
    this.#options.log.debug('Put a message into quarantine.', { topic: message.topic, code, why: text });
    const { payload, contentType, receivedAtUs, isReplay } = message;
    await this.#options.ingest.quarantine({
      source: toSource(message),
      code,
      message: text,
      raw: { bytes: payload, contentType },
      circumstances: { receivedAtUs, ...(isReplay && { isState: true }) },
    });
  }

  async #toInbox({ topic, payload, principal }: InboundMessage, why: string): Promise<void> {
    await this.#options.ingest.toInbox({ topic, payload, principal, why });
  }
}

/** A message without anything to keep is looked at by a person: as a mistake, or as something set aside. */
function explain(meaning: Meaning): Outcome {
  const { problems: [first] = [], aside = 'Understood, but there is nothing in it.' } = meaning;
  return first === undefined ? { kind: 'unmapped', why: aside, meaning } : rejected(first, meaning);
}

function rejected(
  { code, message }: { readonly code: string; readonly message: string },
  meaning?: Meaning,
): Outcome {
  return { kind: 'rejected', code, message, ...(meaning !== undefined && { meaning }) };
}
