/**
 * Looks at every part of a delivery: what may enter becomes readings and events with their times, what may not is
 * listed with its index and reason. Names are checked once per series: a known one was valid when it was added.
 */
import { isHubEvent, type CommittedEvent } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import type { CommittedReading, Reading } from '#contract/reading.ts';
import type { Delivery, Directory, IncomingEvent, IncomingReading, Rejection, SeriesIndex } from '#ports';
import { Stamps } from './stamps.ts';
import { TagSets } from './tag-sets.ts';
import {
  atBestUncertain,
  checkEvent,
  checkId,
  checkNames,
  isProblem,
  judgeTime,
  judgeValue,
  type Arrival,
  type Problem,
} from './validate.ts';

/** The offset is filled in after the commit. */
export type Draft<Committed> = { -readonly [Key in keyof Committed]: Committed[Key] };

export interface Inspected {
  readonly readings: readonly Draft<CommittedReading>[];
  readonly events: readonly Draft<CommittedEvent>[];
  readonly state: readonly Reading[];
  readonly rejected: readonly Rejection[];
}

/** Most deliveries have readings and nothing else: what they have not takes no memory. */
const none: readonly never[] = [];

interface Circumstances extends Arrival {
  readonly tagSets: TagSets;
  /** The transport said that this may be a repeat and has nothing to tell it by. */
  readonly isDoubtful: boolean;
  /** The hub itself says it. */
  readonly isOurs: boolean;
}

/** Counts through all parts of a delivery. */
class Rejections {
  index = 0;
  #list: Rejection[] | undefined;

  get list(): readonly Rejection[] {
    return this.#list ?? none;
  }

  add({ code, message }: Problem): void {
    (this.#list ??= []).push({ index: this.index, code, message });
  }
}

export interface InspectorOptions {
  readonly directory?: Pick<Directory, 'destination'> | undefined;
  /** What is older than this is not taken in, µs (default `limits.retentionUs`). */
  readonly keptUs?: (() => number) | undefined;
}

export class Inspector {
  readonly #series: SeriesIndex;
  readonly #directory: InspectorOptions['directory'];
  readonly #keptUs: () => number;
  readonly #stamps = new Stamps();
  readonly #tagSets = new TagSets();

  constructor(series: SeriesIndex, { directory, keptUs = () => limits.retentionUs }: InspectorOptions = {}) {
    this.#series = series;
    this.#directory = directory;
    this.#keptUs = keptUs;
  }

  inspect(delivery: Delivery, arrivalUs: number): Inspected {
    const { readings, events = none, state = none, source } = delivery;
    const parts = readings.length + events.length + state.length;
    const most = source.edge === 'http' ? limits.readingsPerHttpRequest : limits.readingsPerDelivery;
    if (parts > most) {
      const message = `One delivery holds at most ${most} readings.`;
      const rejected = [{ index: 0, code: 'too-many-readings', message }];
      return { readings: none, events: none, state: none, rejected };
    }
    const circumstances: Circumstances = {
      tagSets: this.#tagSets,
      arrivalUs,
      oldestUs: arrivalUs - this.#keptUs(),
      isDoubtful: delivery.possibleDuplicate === true && delivery.exactlyOnce === undefined,
      isOurs: source.edge === 'hub',
    };
    const rejected = new Rejections();
    const taken = this.#each(readings, this.#inspectReading, circumstances, rejected);
    const happened = this.#each(events, inspectEvent, circumstances, rejected);
    const known = this.#each(state, inspectState, circumstances, rejected);
    return { readings: taken, events: happened, state: known, rejected: rejected.list };
  }

  #each<Incoming extends IncomingEvent | IncomingReading, Part extends object>(
    parts: readonly Incoming[],
    look: (part: Incoming, circumstances: Circumstances) => Part | Problem,
    circumstances: Circumstances,
    rejected: Rejections,
  ): readonly Part[] {
    if (parts.length === 0) return none;
    const taken: Part[] = [];
    for (const part of parts) {
      const named = this.#direct(part);
      const found = isProblem(named) ? named : look(named, circumstances);
      if (isProblem(found)) rejected.add(found);
      else taken.push(found);
      rejected.index += 1;
    }
    return taken;
  }

  /** To the device that has the name now, if it had another one. */
  #direct<Part extends IncomingEvent | IncomingReading>(part: Part): Part | Problem {
    const to = this.#directory?.destination(part.group, part.device);
    if (to === undefined) return part;
    return to === 'denied' ? denied : { ...part, ...to };
  }

  readonly #inspectReading = (
    incoming: IncomingReading,
    circumstances: Circumstances,
  ): Draft<CommittedReading> | Problem => {
    const draft = judge(incoming, circumstances);
    if (isProblem(draft)) return draft;
    const series = this.#series.find(draft) ?? this.#admit(draft);
    if (typeof series === 'object') return series;
    if (draft.stampedBy === 'hub') {
      draft.timeUs = this.#stamps.next(series, circumstances.arrivalUs);
      if (circumstances.isDoubtful && draft.id === undefined) draft.possibleDuplicate = true;
    }
    return draft;
  };

  /** A series is new only once: its names are checked, and the device's allowance. */
  #admit(reading: Reading): number | Problem {
    const problem = checkNames(reading);
    if (problem !== undefined) return problem;
    const { group, device } = reading;
    const isFull =
      this.#series.countOf(group, device) >= limits.seriesPerDevice ||
      this.#series.size >= limits.seriesTotal;
    if (!isFull) return this.#series.add(reading);
    return { code: 'too-many-series', message: 'The device, or the hub, has as many series as are allowed.' };
  }
}

const reserved: Problem = {
  code: 'reserved-event-name',
  message: 'Names that begin with `hub:` are for what the hub itself tells.',
};
const denied: Problem = { code: 'device-denied', message: 'The device was denied: nothing is taken of it.' };

/** Everything of a reading but its place among its series and in the journal. */
function judge(incoming: IncomingReading, arrival: Circumstances): Draft<CommittedReading> | Problem {
  const { group, device, metric, id, line, form } = incoming;
  const { problem: wrongTags, tags } = arrival.tagSets.judge(incoming.tags);
  const problem = checkId(id) ?? wrongTags;
  if (problem !== undefined) return problem;
  const judged = judgeValue(incoming);
  if (isProblem(judged)) return judged;
  const moment = judgeTime(incoming.timeUs, arrival);
  if (isProblem(moment)) return moment;
  return {
    group,
    device,
    metric,
    tags,
    timeUs: moment.timeUs ?? arrival.arrivalUs,
    value: judged.value,
    quality: moment.isUncertain ? atBestUncertain(judged.quality) : judged.quality,
    stampedBy: moment.timeUs === undefined ? 'hub' : 'device',
    possibleDuplicate: undefined,
    id,
    line,
    form,
    offset: 0,
  };
}

function inspectEvent(incoming: IncomingEvent, arrival: Circumstances): Draft<CommittedEvent> | Problem {
  const problem = isHubEvent(incoming.name) && !arrival.isOurs ? reserved : checkEvent(incoming);
  if (problem !== undefined) return problem;
  const moment = judgeTime(incoming.timeUs, arrival);
  if (isProblem(moment)) return moment;
  const { group, device, name, data = null, id } = incoming;
  const stampedBy = moment.timeUs === undefined ? 'hub' : 'device';
  return { group, device, name, timeUs: moment.timeUs ?? arrival.arrivalUs, data, stampedBy, id, offset: 0 };
}

/** A retained replay says what was last known, however old; without a time of its own nobody knows since when. */
function inspectState(incoming: IncomingReading, arrival: Circumstances): Reading | Problem {
  const problem = checkNames(incoming);
  if (problem !== undefined) return problem;
  const isOld = incoming.timeUs !== undefined && incoming.timeUs < arrival.oldestUs;
  const draft = judge(isOld ? { ...incoming, timeUs: undefined } : incoming, arrival);
  if (isProblem(draft)) return draft;
  const { offset: _none, ...judged } = draft;
  if (isOld && incoming.timeUs >= limits.earliestTimeUs)
    return { ...judged, timeUs: incoming.timeUs, stampedBy: 'device' };
  return judged.stampedBy === 'device' ? judged : { ...judged, quality: atBestUncertain(judged.quality) };
}
