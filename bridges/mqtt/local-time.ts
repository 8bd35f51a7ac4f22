/**
 * The clock time of devices that do not say in which zone they are. Pure, except that the formatter of the zone is
 * made once: making one costs more than decoding a message.
 */
import { parseTime } from '#contract/formats/time.ts';

export interface LocalInstant {
  readonly timeUs: number;
  /** The operator named the zone; without that UTC is only a guess. */
  readonly isCertain: boolean;
}

const quarterMs = 15 * 60_000;
const rememberedQuarters = 1000;

export class LocalTime {
  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #isCertain: boolean;
  /** Of the quarter hours that were asked for: clocks change on one, and asking the formatter costs more than a message. */
  readonly #offsets = new Map<number, number>();

  /**
   * @param zone IANA name; UTC if absent
   * @throws {RangeError} there is no such zone
   */
  constructor(zone: string | undefined) {
    this.#isCertain = zone !== undefined;
    this.#format =
      zone === undefined || zone === 'UTC'
        ? undefined
        : new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  }

  /** `YYYY-MM-DDTHH:MM:SS`, also with a blank and with a fraction; undefined for anything else. */
  parse(text: unknown): LocalInstant | undefined {
    // With a zone of its own before the added one it is no time.
    const asUtcUs = typeof text === 'string' && text.at(4) === '-' ? parseTime(`${text}Z`) : undefined;
    if (asUtcUs === undefined) return undefined;
    const asUtcMs = Math.floor(asUtcUs / 1000);
    // The offset at the instant the first guess hits; the second look corrects a change of the clocks in between.
    const guessMs = asUtcMs - this.#offsetMs(asUtcMs);
    return { timeUs: asUtcUs - this.#offsetMs(guessMs) * 1000, isCertain: this.#isCertain };
  }

  #offsetMs(atMs: number): number {
    if (this.#format === undefined) return 0;
    const quarter = Math.floor(atMs / quarterMs);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    if (this.#offsets.size >= rememberedQuarters) this.#offsets.clear();
    const offset = offsetAt(this.#format, atMs);
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

function offsetAt(format: Intl.DateTimeFormat, atMs: number): number {
  const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? -offset : offset;
}
