/**
 * From a foreign topic to what it means: the first family that recognises the message decodes it; here its names
 * become ids and its name the group. Spec: ARCHITECTURE §4 (names), §8 (mapping). Pure.
 */
import type { DeviceDescription, MetricInfo } from '#contract/device.ts';
import type { DecodedReading, Problem } from '#contract/formats/decoded.ts';
import { parseJson } from '#contract/formats/json.ts';
import { toId } from '#contract/names.ts';
import type { IncomingReading } from '#ports';
import type { Family, FamilyMessage, FamilyOutcome, FamilyReport } from './families/family.ts';
import type { LocalTime } from './local-time.ts';
import type { DeviceName, InboundMessage, Meaning } from './meaning.ts';
import { toText } from './text.ts';

/** @returns undefined if no family recognises the message. @throws {FormatError} one does, but cannot read it */
export function mapToFamily(
  message: InboundMessage,
  families: readonly Family[],
  localTime: LocalTime,
): Meaning | undefined {
  const seen = new LazyMessage(message, localTime);
  const family = families.find((candidate) => candidate.recognises(seen));
  if (family === undefined) return undefined;
  if (message.payload.length === 0)
    return {
      decoder: family.name,
      aside: 'An empty payload: the retained message of this topic was cleared.',
    };
  return toMeaning(family.name, family.decode(seen), message);
}

class LazyMessage implements FamilyMessage {
  readonly topic: string;
  readonly levels: readonly string[];
  readonly payload: Uint8Array;
  readonly contentType: string | undefined;
  readonly receivedAtUs: number;
  readonly localTime: LocalTime;
  #text: { readonly value: string | undefined } | undefined;
  #json: { readonly value: unknown } | undefined;

  constructor({ topic, payload, contentType, receivedAtUs }: InboundMessage, localTime: LocalTime) {
    this.topic = topic;
    this.levels = topic.split('/');
    this.payload = payload;
    this.contentType = contentType;
    this.receivedAtUs = receivedAtUs;
    this.localTime = localTime;
  }

  get text(): string | undefined {
    this.#text ??= { value: attempt(() => toText(this.payload)) };
    return this.#text.value;
  }

  get json(): unknown {
    const { text } = this;
    this.#json ??= { value: text === undefined ? undefined : attempt(() => parseJson(text)) };
    return this.#json.value;
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
  const events: NonNullable<Meaning['events']>[number][] = [];
  const presence: NonNullable<Meaning['presence']>[number][] = [];
  const reported: NonNullable<Meaning['reported']>[number][] = [];
  const descriptions: NonNullable<Meaning['descriptions']>[number][] = [];
  const problems: Problem[] = [...(outcome.problems ?? [])];
  for (const report of outcome.reports) {
    const name: DeviceName = { group, device: toId(report.device) };
    if (!message.mayWrite(name.group, name.device)) {
      problems.unshift({
        path: '',
        code: 'group-not-granted',
        message: `The sender may not write to group ${group}.`,
      });
      continue;
    }
    readings.push(...(report.readings ?? []).map((reading) => toIncoming(name, reading)));
    events.push(...(report.events ?? []).map((event) => ({ ...name, ...event })));
    if (report.presence !== undefined) presence.push({ ...name, presence: report.presence });
    if (report.reported !== undefined) reported.push({ ...name, state: report.reported });
    const description = describe(name.device, report);
    if (description !== undefined) descriptions.push({ ...name, description });
  }
  return {
    decoder: group,
    readings,
    events,
    presence,
    reported,
    descriptions,
    problems,
    aside: outcome.aside,
  };
}

function toIncoming(
  name: DeviceName,
  { metric, unit: _unit, device: _device, ...reading }: DecodedReading,
): IncomingReading {
  return { ...name, ...reading, metric: toId(metric) };
}

/** A name that had to be changed to become an id stays as title; units go with their metrics. */
function describe(
  device: string,
  { device: name, description, readings = [] }: FamilyReport,
): DeviceDescription | undefined {
  const told = (description?.metrics ?? []).map((info) => ({ ...info, metric: toId(info.metric) }));
  const metrics: MetricInfo[] = [...told, ...readings.flatMap(describeMetric)];
  const title = description?.title ?? (device === name ? undefined : name);
  if (description === undefined && title === undefined && metrics.length === 0) return undefined;
  return {
    ...description,
    ...(title === undefined ? {} : { title }),
    ...(metrics.length === 0 ? {} : { metrics }),
  };
}

function describeMetric({ metric, unit }: DecodedReading): MetricInfo[] {
  const id = toId(metric);
  if (unit === undefined && id === metric) return [];
  return [
    { metric: id, ...(unit === undefined ? {} : { unit }), ...(id === metric ? {} : { title: metric }) },
  ];
}
