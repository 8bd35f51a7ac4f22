/**
 * From a foreign topic to what it means: a mapping that a person made, else the first family that recognises the
 * message decodes it; here its names become ids and its name the group. Spec: ARCHITECTURE §4 (names), §8 (mapping). Pure.
 */
import type { Control, DeviceDescription, MetricInfo } from '#contract/device.ts';
import { binaryFormatOf, decodeBinary } from '#contract/formats/binary.ts';
import type { DecodedReading, Problem } from '#contract/formats/decoded.ts';
import { parseJson } from '#contract/formats/json.ts';
import { toId } from '#contract/names.ts';
import type { IncomingReading } from '#ports';
import type { Discovered } from './discovered.ts';
import type { FamilyMemory } from './family-memory.ts';
import type { FamilyControl } from './families/control.ts';
import type { About, Family, FamilyMessage, FamilyOutcome, FamilyReport } from './families/family.ts';
import type { LocalTime } from './local-time.ts';
import type { DeviceName, InboundMessage, Meaning, Sender } from './meaning.ts';
import { textOf } from './text.ts';

/** What decoding needs beside the message. */
export interface MappingContext {
  readonly localTime: LocalTime;
  readonly discovered: Discovered;
  readonly memory: FamilyMemory;
  /** The mappings that people made, or one that is being tried. */
  readonly rules?: Rules | undefined;
}

export interface Rules {
  /** Undefined: no mapping selects the topic. */
  decode(message: FamilyMessage): FamilyOutcome | undefined;
}

/** @returns undefined if no mapping and no family recognises the message. @throws {FormatError} one does, but cannot read it */
export function mapToFamily(
  message: InboundMessage,
  families: readonly Family[],
  context: MappingContext,
): Meaning | undefined {
  const seen = new LazyMessage(message, families, context);
  const mapped = message.payload.length === 0 ? undefined : context.rules?.decode(seen);
  if (mapped !== undefined) return toMeaning('mapping', mapped, message);
  const family = families.find((candidate) => candidate.recognises(seen));
  if (family === undefined) return undefined;
  if (message.payload.length === 0)
    return {
      decoder: family.name,
      aside: 'An empty payload: the retained message of this topic was cleared.',
    };
  return toMeaning(family.name, family.decode(seen), message);
}

const jsonEnds: ReadonlyMap<string | undefined, string> = new Map([
  ['{', '}'],
  ['[', ']'],
  ['"', '"'],
]);
const jsonScalar = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/** Nothing else is JSON: most other payloads are told apart without the cost of an error. */
function looksLikeJson(text: string): boolean {
  const clean = text.trim();
  const end = jsonEnds.get(clean[0]);
  return end === undefined ? jsonScalar.test(clean) : clean.endsWith(end);
}

class LazyMessage implements FamilyMessage {
  readonly topic: string;
  readonly levels: readonly string[];
  readonly payload: Uint8Array;
  readonly contentType: string | undefined;
  readonly receivedAtUs: number;
  readonly localTime: LocalTime;
  readonly discovered: Discovered;
  readonly memory: FamilyMemory;
  readonly sender: Sender | undefined;
  readonly #message: InboundMessage;
  readonly #families: readonly Family[];
  #text: { readonly value: string | undefined } | undefined;
  #json: { readonly value: unknown } | undefined;

  constructor(message: InboundMessage, families: readonly Family[], context: MappingContext) {
    this.topic = message.topic;
    this.levels = message.topic.split('/');
    this.payload = message.payload;
    this.contentType = message.contentType;
    this.receivedAtUs = message.receivedAtUs;
    this.sender = message.sender;
    this.localTime = context.localTime;
    this.discovered = context.discovered;
    this.memory = context.memory;
    this.#message = message;
    this.#families = families;
  }

  about(topic: string, text: string): About | undefined {
    const other = {
      ...this.#message,
      topic,
      payload: new TextEncoder().encode(text),
      contentType: undefined,
    };
    const seen = new LazyMessage(other, this.#families, this);
    const family = this.#families.find((candidate) => candidate.recognises(seen));
    const [report, ...more] = attempt(() => family?.decode(seen).reports) ?? [];
    if (family === undefined || report === undefined || more.length > 0) return undefined;
    return {
      family: family.name,
      group: report.group ?? family.name,
      device: report.device,
      metric: report.readings?.length === 1 ? report.readings[0]?.metric : undefined,
    };
  }

  get text(): string | undefined {
    this.#text ??= { value: textOf(this.payload) };
    return this.#text.value;
  }

  get json(): unknown {
    this.#json ??= { value: this.#parse() };
    return this.#json.value;
  }

  #parse(): unknown {
    const binary = binaryFormatOf(this.contentType);
    if (binary !== undefined) return attempt(() => decodeBinary(this.payload, binary));
    const { text } = this;
    return text !== undefined && looksLikeJson(text) ? attempt(() => parseJson(text)) : undefined;
  }
}

/** A payload that is not text or not JSON is no error here: it only rules families out. */
function attempt<Result>(parse: () => Result): Result | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function toMeaning(group: string, outcome: FamilyOutcome, message: InboundMessage): Meaning {
  const readings: IncomingReading[] = [];
  const past: IncomingReading[] = [];
  const events: NonNullable<Meaning['events']>[number][] = [];
  const presence: NonNullable<Meaning['presence']>[number][] = [];
  const reported: NonNullable<Meaning['reported']>[number][] = [];
  const descriptions: NonNullable<Meaning['descriptions']>[number][] = [];
  const controls: NonNullable<Meaning['controls']>[number][] = [];
  const problems: Problem[] = [...(outcome.problems ?? [])];
  for (const report of outcome.reports) {
    const name: DeviceName = { group: report.group ?? group, device: toId(report.device) };
    if (!message.mayWrite(name.group, name.device)) {
      problems.unshift({
        path: '',
        code: 'group-not-granted',
        message: `The sender may not write to group ${name.group}.`,
      });
      continue;
    }
    const own = (report.readings ?? []).map((reading) => toIncoming(name, reading));
    for (const reading of own) readings.push(reading);
    if (report.past !== undefined) past.push(...report.past.map((reading) => toIncoming(name, reading)));
    for (const event of report.events ?? []) events.push({ ...name, ...event });
    if (report.presence !== undefined) presence.push({ ...name, presence: report.presence });
    if (report.reported !== undefined) reported.push({ ...name, state: report.reported });
    // What nobody may tell it is not offered either.
    const told = message.back === undefined ? [] : (report.controls ?? []).map(withIds);
    if (told.length > 0) controls.push({ ...name, controls: told });
    const description = describe({ id: name.device, report, told, own });
    if (description !== undefined) descriptions.push({ ...name, description });
  }
  return {
    decoder: group,
    readings,
    past,
    events,
    presence,
    reported,
    descriptions,
    controls,
    answers: outcome.answers,
    says: outcome.says,
    problems,
    aside: outcome.aside,
  };
}

/** Written out: for every value of every message a rest and two spreads are a tenth of the work. */
function toIncoming({ group, device }: DeviceName, reading: DecodedReading): IncomingReading {
  const { metric, tags, timeUs, value, quality, id, line, form } = reading;
  return { group, device, metric: toId(metric), tags, timeUs, value, quality, id, line, form };
}

interface ToDescribe {
  readonly id: string;
  readonly report: FamilyReport;
  readonly told: readonly FamilyControl[];
  /** The report's readings with their ids: made once, a name that is none costs more than the rest. */
  readonly own: readonly IncomingReading[];
}

/** A name that had to be changed to become an id stays as title; units go with their metrics. */
function describe({ id, report, told, own }: ToDescribe): DeviceDescription | undefined {
  const { device: name, description, readings = [] } = report;
  const metrics: MetricInfo[] = (description?.metrics ?? []).map((info) => {
    return { ...info, metric: toId(info.metric) };
  });
  for (const [index, reading] of readings.entries()) {
    const info = describeMetric(own[index]?.metric ?? '', reading);
    if (info !== undefined) metrics.push(info);
  }
  const controls = told.filter(({ isOffered = true }) => isOffered).map(withoutWay);
  const title = description?.title ?? (id === name ? undefined : name);
  if (description === undefined && title === undefined && metrics.length + controls.length === 0)
    return undefined;
  return {
    ...description,
    ...(title === undefined ? {} : { title }),
    ...(metrics.length === 0 ? {} : { metrics }),
    ...(controls.length === 0 ? {} : { controls }),
  };
}

/** A name that had to be changed to become an id stays as the title, here too. */
function withIds(control: FamilyControl): FamilyControl {
  const { name, metric, title = name } = control;
  const id = toId(name);
  return { ...control, name: id, metric: toId(metric), ...(title === id ? {} : { title }) };
}

function withoutWay({ tell: _tell, isOffered: _isOffered, ...control }: FamilyControl): Control {
  return control;
}

function describeMetric(id: string, { metric, unit }: DecodedReading): MetricInfo | undefined {
  if (id === metric) return unit === undefined ? undefined : { metric: id, unit };
  return { metric: id, ...(unit === undefined ? {} : { unit }), title: metric };
}
