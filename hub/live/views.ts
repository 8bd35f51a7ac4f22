/**
 * Open views. Equal specs are one view with one id: one room, one encoded frame for all who look.
 * Each view knows the series it covers and each series its views, so that neither publishing nor opening searches.
 */
import { hash } from 'node:crypto';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { toTuple, type CommittedReading, type ReadingTuple, type Series } from '#contract/reading.ts';
import type { ViewSpec } from '#contract/view.ts';
import type { Clock, Counters } from '#ports';
import { EveryPending, NewestPending, Pacer, type Pending } from './conflation.ts';
import { noViews, type LatestValues, type SeriesEntry } from './latest-values.ts';
import { compileSelection, type Selection } from '#contract/patterns.ts';
import type { MissedBook } from './missed.ts';

/** The group of views that look across groups. */
export const fleet = '*';

export interface View {
  readonly id: string;
  /** A group, or {@link fleet}. */
  readonly group: string;
  /** Mode `latest`: shows what is newest, rather than every reading. */
  readonly conflated: boolean;
  readonly series: Set<SeriesEntry>;
  readonly pending: Pending;
  /** The newest values as answers show them, made once for all who ask before they change; undefined: they did. */
  latest: readonly ReadingTuple[] | undefined;
  readonly pacer: Pacer;
  /** One per member that is still reading what it missed: gets every reading and event, whatever the mode. */
  taps: readonly MissedBook[];
  members: number;
  /** When the first of what is pending arrived at the hub, monotonic ms; undefined while nothing is. */
  waitingSinceMs: number | undefined;
  readonly covers: (series: Series) => boolean;
  /** Events are of a device, not of a metric. */
  readonly coversDevice: (named: Pick<Series, 'group' | 'device'>) => boolean;
}

const noTaps: readonly MissedBook[] = [];

interface Filter {
  readonly groups: Selection;
  readonly devices: Selection;
  readonly metrics: Selection;
  readonly covers: View['covers'];
  readonly coversDevice: View['coversDevice'];
}

export class Views {
  readonly #latest: LatestValues;
  readonly #clock: Clock;
  readonly #counters: Counters;
  readonly #due: (view: View) => void;
  /** By group, then by id. */
  readonly #views = new Map<string, Map<string, View>>();

  constructor(parts: {
    latest: LatestValues;
    clock: Clock;
    counters: Counters;
    /** A frame of a view is due. */
    due: (view: View) => void;
  }) {
    this.#latest = parts.latest;
    this.#clock = parts.clock;
    this.#counters = parts.counters;
    this.#due = parts.due;
  }

  /** One member more; the view is made for the first. @throws {RequestError} a fleet view covers too many series */
  join(group: string, spec: ViewSpec, groups: readonly string[] | undefined): View {
    const id = viewId(group, spec, groups);
    const known = this.find(group, id);
    const view = known ?? this.#make(id, group, spec, groups);
    view.members += 1;
    return view;
  }

  /** One member less; the last one ends the view. */
  leave(group: string, id: string): void {
    const view = this.find(group, id);
    if (view === undefined) return;
    view.members -= 1;
    if (view.members > 0) return;
    view.pacer.stop();
    for (const entry of view.series) disconnect(view, entry);
    const ofGroup = this.#views.get(group);
    ofGroup?.delete(id);
    if (ofGroup?.size === 0) this.#views.delete(group);
  }

  find(group: string, id: string): View | undefined {
    return this.#views.get(group)?.get(id);
  }

  /** A series that was never seen before joins the open views that cover it. */
  adopt(entry: SeriesEntry): void {
    for (const group of [entry.group, fleet]) {
      for (const view of this.#views.get(group)?.values() ?? []) {
        if (!view.covers(entry)) continue;
        if (group === fleet && view.series.size >= limits.seriesPerFleetView)
          this.#counters.count('live', 'fleet-view-full');
        else connect(view, entry);
      }
    }
  }

  /** A series that is no longer there under its name leaves the views that show it. */
  drop(entry: SeriesEntry): void {
    for (const view of entry.views) {
      view.series.delete(entry);
      view.latest = undefined;
    }
    entry.views = noViews;
  }

  *[Symbol.iterator](): Iterator<View> {
    for (const ofGroup of this.#views.values()) yield* ofGroup.values();
  }

  #make(id: string, group: string, spec: ViewSpec, groups: readonly string[] | undefined): View {
    const filter = compileFilter(group, spec, groups);
    const covered = this.#select(filter);
    if (group === fleet && covered.length > limits.seriesPerFleetView)
      throw new RequestError(
        413,
        'too-many-series',
        `A view of the fleet covers at most ${limits.seriesPerFleetView} series.`,
      );
    const conflated = spec.mode !== 'raw';
    const maxHz = spec.maxHz ?? limits.maxHzDefault;
    if (conflated && maxHz > limits.maxHz)
      throw new RequestError(400, 'invalid-request', `maxHz is at most ${limits.maxHz}, but in raw mode.`);
    const view: View = {
      id,
      group,
      conflated,
      series: new Set(),
      pending: conflated ? new NewestPending() : new EveryPending(),
      pacer: new Pacer({ clock: this.#clock, maxHz, due: () => this.#due(view) }),
      latest: undefined,
      taps: noTaps,
      members: 0,
      waitingSinceMs: undefined,
      covers: filter.covers,
      coversDevice: filter.coversDevice,
    };
    for (const entry of covered) connect(view, entry);
    const ofGroup = this.#views.get(group) ?? new Map<string, View>();
    this.#views.set(group, ofGroup.set(id, view));
    return view;
  }

  /** Known series that the filter covers; named groups and devices are looked up, only patterns are searched for. */
  #select({ groups, devices, metrics }: Filter): readonly SeriesEntry[] {
    const selected: SeriesEntry[] = [];
    for (const group of groups.ids ?? this.#latest.groups()) {
      for (const device of devices.ids ?? this.#latest.devices(group)) {
        if (!groups.matches(group) || !devices.matches(device)) continue;
        for (const entry of this.#latest.ofDevice(group, device))
          if (metrics.matches(entry.metric)) selected.push(entry);
      }
    }
    return selected;
  }
}

function compileFilter(group: string, spec: ViewSpec, ofGroups: readonly string[] | undefined): Filter {
  const groups = compileSelection(group === fleet ? ofGroups : [group]);
  const devices = compileSelection(spec.devices);
  const metrics = compileSelection(spec.metrics);
  const coversDevice: View['coversDevice'] = (named) =>
    groups.matches(named.group) && devices.matches(named.device);
  return {
    groups,
    devices,
    metrics,
    covers: (series) => coversDevice(series) && metrics.matches(series.metric),
    coversDevice,
  };
}

/** As the view's frames show it: across the fleet the device reads `<group>/<device>`. */
export function tupleFor(view: View, shown: CommittedReading | SeriesEntry): ReadingTuple {
  return view.group === fleet ? toTuple(shown, nameInFleet(shown)) : toTuple(shown);
}

export function nameInFleet({ group, device }: Series): string {
  return `${group}/${device}`;
}

function connect(view: View, entry: SeriesEntry): void {
  view.series.add(entry);
  view.latest = undefined;
  if (entry.views.length === 0) entry.views = [view];
  else entry.views.push(view);
}

function disconnect(view: View, entry: SeriesEntry): void {
  if (entry.views.length === 1) entry.views = noViews;
  else entry.views.splice(entry.views.indexOf(view), 1);
}

/** The same for every spec that shows the same: order, repeats and defaults do not matter. */
export function viewId(group: string, spec: ViewSpec, groups: readonly string[] | undefined): string {
  const canonical = JSON.stringify([
    group,
    group === fleet ? sorted(groups) : null,
    sorted(spec.devices),
    sorted(spec.metrics),
    spec.mode ?? 'latest',
    spec.maxHz ?? limits.maxHzDefault,
  ]);
  return hash('sha256', canonical, 'base64url').slice(0, 16);
}

function sorted(patterns: readonly string[] | undefined): readonly string[] | null {
  if (patterns === undefined || patterns.includes('*')) return null;
  return [...new Set(patterns)].toSorted();
}
