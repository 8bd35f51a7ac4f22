/**
 * The way of every MQTT message into the hub, the same from both brokers: what does it mean, and where does each part
 * of it go. Resolving is the acknowledgement. Nothing ends nowhere: readings and events go to ingest, the rest to the
 * registry, to a waiting command, to quarantine with a reason, or to the inbox.
 * Spec: ARCHITECTURE §5 and §8; §2 for retained replays.
 */
import { RejectedDeliveryError, RequestError } from '#contract/errors.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import type { DeviceDescription } from '#contract/device.ts';
import { defaultTopicRoot } from '#contract/topics.ts';
import type { Commands, Counters, Delivery, Devices, Ingest, Log, Receipt, Traces } from '#ports';
import { Descriptions } from './descriptions.ts';
import { Discovered } from './discovered.ts';
import type { Family } from './families/family.ts';
import { FamilyLinks } from './family-links.ts';
import { FamilyMemory } from './family-memory.ts';
import { LocalTime } from './local-time.ts';
import { partsOfKept } from './kept.ts';
import { mapToFamily, type MappingContext, type Rules } from './mapping.ts';
import type {
  Acknowledgement,
  DeviceName,
  InboundMessage,
  KeptMessage,
  Meaning,
  Outcome,
  ToldMeaning,
} from './meaning.ts';
import { explain, isNothing, isOnlyReadings, rejected } from './outcomes.ts';
import { decodeOwn } from './own-topics.ts';
import { OwnTopics } from './own-topic-names.ts';
import { toSource, toTraceNote } from './trace-note.ts';
import { SenderWaits, Understood, type UnderstoodEnds, type Verdict } from './under-way.ts';

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
  readonly #topics: OwnTopics;
  readonly #context: MappingContext;
  readonly #descriptions = new Descriptions();
  readonly #ends: UnderstoodEnds = {
    accepted: (understood, receipt) => this.#accepted(understood, receipt),
    refused: (understood, error) => this.#refused(understood, error),
  };
  /** To devices that are told in their family's words. */
  readonly links: FamilyLinks;

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#topics = new OwnTopics(options.topicRoot ?? defaultTopicRoot);
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
  take(message: InboundMessage): Promise<void> {
    return new Promise((taken, failed) => {
      this.offer(message, { taken, failed });
    });
  }

  /** The same for the many messages of devices: told instead of promised. Never throws. */
  offer(message: InboundMessage, acknowledgement: Acknowledgement): void {
    // Nobody waits for it, and it holds readings and nothing else.
    const mayBeShed = message.qos === 0 && !message.isReplay && this.#topics.isTelemetry(message.topic);
    const shed = mayBeShed ? this.#options.ingest.shed('mqtt') : undefined;
    if (shed !== undefined) acknowledgement.failed(shed);
    else this.#judge(message, new SenderWaits(message, acknowledgement, this.#decided));
  }

  /** Offers again what lies in quarantine or in the inbox: what is refused stays there. @throws {TryAgainError} */
  takeKept(message: KeptMessage): Promise<Outcome> {
    return new Promise((decided, failed) => {
      this.#judge(message, { decided, failed });
    });
  }

  #judge(message: InboundMessage, verdict: Verdict): void {
    const { counters, log } = this.#options;
    let meaning: Meaning | undefined;
    try {
      meaning = this.#understand(message);
    } catch (error) {
      if (error instanceof FormatError) return verdict.decided(rejected(error));
      log.error('A decoder failed.', { topic: message.topic, why: String(error) });
      const text = 'The hub failed to decode this message.';
      return verdict.decided(rejected({ code: 'decoder-failed', message: text }));
    }
    if (meaning === undefined) {
      counters.count('mqtt.received', 'unknown');
      const why = 'No family and no mapping knows this topic with this payload.';
      return verdict.decided({ kind: 'unmapped', why });
    }
    counters.count('mqtt.received', meaning.decoder);
    this.#carryOut(new Understood(message, meaning, verdict, this.#ends), meaning);
  }

  #understand(message: InboundMessage): Meaning | undefined {
    const own = this.#topics.parse(message.topic);
    if (own !== undefined) return decodeOwn(own, message);
    return mapToFamily(message, this.#options.families, this.#context);
  }

  readonly #decided = (message: InboundMessage, outcome: Outcome, acknowledgement: Acknowledgement): void => {
    this.#options.traces?.note(toTraceNote(message, outcome), { bytes: message.payload });
    const kept = this.#keep(message, outcome);
    if (kept === undefined) return acknowledgement.taken();
    kept.then(
      () => acknowledgement.taken(),
      (error: unknown) => acknowledgement.failed(error),
    );
  };

  #carryOut(understood: Understood, meaning: Meaning): void {
    const { message, verdict } = understood;
    try {
      if (!isOnlyReadings(meaning)) {
        const isAnswer = this.#prepare(message, meaning);
        const isEmpty = isNothing(meaning);
        if (isEmpty && isAnswer) return understood.taken();
        if (isEmpty && meaning.answer === undefined) return verdict.decided(explain(meaning));
      }
      const delivery = this.#deliveryOf(message, meaning);
      if (delivery === undefined) understood.accepted();
      else understood.handOn(delivery, this.#options.ingest);
    } catch (error) {
      understood.refused(error);
    }
  }

  /** Before its readings are taken in. @returns whether it answered commands */
  #prepare(message: InboundMessage, meaning: Meaning): boolean {
    for (const { code } of meaning.problems ?? []) this.#options.counters.count('mqtt.value-dropped', code);
    this.#sayBack(message, meaning);
    return this.#takeAnswers(message, meaning);
  }

  #accepted(understood: Understood, receipt: Receipt | undefined): void {
    const { message, meaning, verdict } = understood;
    if (isOnlyReadings(meaning)) return understood.taken(receipt);
    let rest: Promise<Outcome | undefined> | undefined;
    try {
      this.#attach(message, meaning);
      rest = this.#tellRest(meaning);
    } catch (error) {
      return this.#refused(understood, error);
    }
    if (rest === undefined) return understood.taken(receipt);
    rest
      .then((refusal) => (refusal === undefined ? understood.taken(receipt) : verdict.decided(refusal)))
      .catch((error: unknown) => this.#refused(understood, error));
  }

  #refused({ meaning, verdict }: Understood, error: unknown): void {
    if (error instanceof RejectedDeliveryError) {
      // Ingest has put it in quarantine: repeating cannot help.
      this.#options.counters.count('mqtt.rejected', error.code);
      verdict.decided({ kind: 'refused', code: error.code, message: error.message, meaning });
    } else if (error instanceof RequestError) verdict.decided(rejected(error, meaning));
    else verdict.failed(error);
  }

  /** What goes to the registry and to waiting commands, once the readings are durable. Undefined: done already. */
  #tellRest(meaning: ToldMeaning): Promise<Outcome | undefined> | undefined {
    const { reported = [], descriptions = [], presence = [], answer } = meaning;
    const news = descriptions.flatMap(({ group, device, description }) => {
      const all = this.#descriptions.add(group, device, description);
      return all === undefined ? [] : [{ group, device, all }];
    });
    const tellPresence = (): void => {
      for (const { group, device, presence: word } of presence)
        this.#options.devices.status(group, device, word);
    };
    if (reported.length + news.length > 0 || answer !== undefined)
      return this.#tellSlowly(meaning, news, tellPresence);
    tellPresence();
    return undefined;
  }

  async #tellSlowly(
    meaning: ToldMeaning,
    news: readonly (DeviceName & { readonly all: DeviceDescription })[],
    tellPresence: () => void,
  ): Promise<Outcome | undefined> {
    const { devices } = this.#options;
    const { reported = [], answer } = meaning;
    for (const { group, device, state } of reported) await devices.reported(group, device, state);
    for (const { group, device, all } of news) await devices.describe(group, device, all);
    tellPresence();
    if (answer === undefined || (await this.#answer(answer))) return undefined;
    const text = `No open command ${answer.id} of ${answer.group}/${answer.device}.`;
    return rejected({ code: 'unknown-command', message: text }, meaning);
  }

  /** Before the readings: an answer that comes with the state it confirms is the device's own word. */
  #takeAnswers(message: InboundMessage, { answers = [], past = [] }: Meaning): boolean {
    this.links.past(past);
    const taken = answers.filter((answer) => this.links.answered(answer, message));
    return taken.length > 0;
  }

  /** Before the description: what is offered can be used at once. */
  #attach({ back, isReplay }: InboundMessage, { controls = [], presence = [] }: ToldMeaning): void {
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

  /** Undefined: nothing in it is a reading or an event. */
  #deliveryOf(message: InboundMessage, { readings = [], events = [] }: Meaning): Delivery | undefined {
    if (readings.length + events.length === 0) return undefined;
    const { receivedAtUs, possibleDuplicate, exactlyOnce, payload, contentType, isReplay, kept } = message;
    // What is offered again goes one by one.
    const isUrgent = message.isUrgent === true || kept !== undefined;
    const source = toSource(message);
    const givesWay = message.qos === 0;
    const raw = { bytes: payload, contentType };
    if (!isReplay) {
      const parts = kept === undefined ? { readings, events } : partsOfKept(kept, { readings, events });
      return { source, receivedAtUs, raw, ...parts, possibleDuplicate, exactlyOnce, givesWay, isUrgent };
    }
    // What happened once does not happen again because a broker remembers it.
    if (events.length > 0) this.#options.counters.count('mqtt.value-dropped', 'event-replay', events.length);
    if (readings.length === 0) return undefined;
    return { source, receivedAtUs, raw, readings: [], state: readings, isKept: kept !== undefined };
  }

  #answer({ group, device, id, answer }: NonNullable<Meaning['answer']>): Promise<boolean> {
    return this.#options.commands.answer(group, device, id, answer);
  }

  /** Undefined: there is nothing to keep for a person. */
  #keep(message: InboundMessage, outcome: Outcome): Promise<void> | undefined {
    switch (outcome.kind) {
      case 'rejected':
        return this.#quarantine(message, outcome.code, outcome.message);
      case 'unmapped':
        return this.#toInbox(message, outcome.why);
      case 'refused':
      case 'taken':
        return undefined;
    }
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
