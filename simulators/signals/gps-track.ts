/** A vehicle that drives a closed route and rests at each stop. Pure. */

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface Track {
  readonly stops: readonly Place[];
  /** From one stop to the next, the rest included. */
  readonly legMs: number;
  /** Share of a leg spent at the stop. */
  readonly restShare: number;
  /** Where on the route it is at the epoch. */
  readonly offsetMs: number;
}

export interface Fix extends Place {
  /** km/h */
  readonly speed: number;
  /** Degrees clockwise from north; 0 at rest. */
  readonly course: number;
}

const metresPerDegree = 111_195;

/** @throws {RangeError} a route needs two stops */
export function gpsFix({ stops, legMs, restShare, offsetMs }: Track, atMs: number): Fix {
  const route = atMs + offsetMs;
  const leg = Math.floor(route / legMs);
  const from = stopAt(stops, leg);
  const to = stopAt(stops, leg + 1);
  const driveMs = legMs * (1 - restShare);
  const part = Math.min(1, (route - leg * legMs) / driveMs);
  // Sets off and arrives gently: position is a smooth step, speed its derivative.
  const eased = part * part * (3 - 2 * part);
  const here = {
    latitude: from.latitude + (to.latitude - from.latitude) * eased,
    longitude: from.longitude + (to.longitude - from.longitude) * eased,
  };
  if (part >= 1) return { ...here, speed: 0, course: 0 };
  const { metres, course } = between(from, to);
  return { ...here, speed: ((6 * part * (1 - part) * metres) / (driveMs / 1000)) * 3.6, course };
}

function stopAt(stops: readonly Place[], leg: number): Place {
  const stop = stops[((leg % stops.length) + stops.length) % stops.length];
  if (stop === undefined || stops.length < 2) throw new RangeError('A route needs at least two stops.');
  return stop;
}

/** Flat-earth distance and course: good to a metre over a town. */
function between(from: Place, to: Place): { readonly metres: number; readonly course: number } {
  const north = (to.latitude - from.latitude) * metresPerDegree;
  const east = (to.longitude - from.longitude) * metresPerDegree * Math.cos((from.latitude * Math.PI) / 180);
  const course = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
  return { metres: Math.hypot(north, east), course };
}
