/** The settings of InfluxDB behind the hub, and what they come to together. Pure. */
import type { InfluxTarget, InfluxVersion } from '../bridges/influxdb/connection.ts';

const about = {
  version: '1, 2 or 3; else the database is asked',
  token: 'its token; better by the _FILE variable',
  password: 'password of 1.x; better by the _FILE variable',
  retention: 'days that a bucket keeps which the hub creates; else for ever',
  spool: 'bytes of the disk that readings may take which wait for InfluxDB',
  history: 'answer history from it instead of the file of the hub',
  existing: 'show the series of others in the bucket, read-only; answers history from it too',
  drop: 'when they take more, let go of the oldest instead of telling senders to wait',
};

export const influxSettings = [
  { path: 'influx.url', kind: 'text', default: undefined, about: 'an InfluxDB to write every reading to' },
  { path: 'influx.version', kind: 'count', default: undefined, about: about.version },
  { path: 'influx.bucket', kind: 'text', default: 'signalbox', about: 'its bucket; in 1.x the database' },
  { path: 'influx.org', kind: 'text', default: undefined, about: 'organization of 2.x' },
  { path: 'influx.token', kind: 'text', default: undefined, about: about.token },
  { path: 'influx.username', kind: 'text', default: undefined, about: 'user of 1.x' },
  { path: 'influx.password', kind: 'text', default: undefined, about: about.password },
  { path: 'influx.retention-days', kind: 'count', default: undefined, about: about.retention },
  { path: 'influx.spool-bytes', kind: 'count', default: 4 * 1024 ** 3, about: about.spool },
  { path: 'influx.drop-oldest', kind: 'flag', default: false, about: about.drop },
  { path: 'influx.history', kind: 'flag', default: false, about: about.history },
  { path: 'influx.read-existing', kind: 'flag', default: false, about: about.existing },
] as const;

export interface InfluxConfig {
  readonly target: InfluxTarget;
  readonly spoolBytes: number;
  readonly dropOldest: boolean;
  /** It answers history. */
  readonly answersHistory: boolean;
  /** With the series in its bucket that the hub never wrote. */
  readonly showsExisting: boolean;
}

type Path = (typeof influxSettings)[number]['path'];

/**
 * @param get a setting's value; undefined if it is not set @returns undefined without `influx.url`
 * @throws {RangeError} a sentence for the operator
 */
export function resolveInflux(get: (path: Path) => unknown): InfluxConfig | undefined {
  const text = (path: Path): string | undefined => {
    const value = get(path);
    return typeof value === 'string' ? value : undefined;
  };
  const given = text('influx.url');
  if (given === undefined) return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new RangeError(`influx.url must start with http:// or https://, not ${JSON.stringify(given)}.`);
  const retentionDays = get('influx.retention-days');
  return {
    target: {
      url: `${url.origin}${url.pathname.replace(/\/$/, '')}`,
      version: versionOf(get('influx.version')),
      bucket: text('influx.bucket') ?? '',
      org: text('influx.org'),
      token: text('influx.token'),
      username:
        text('influx.username') ?? (url.username === '' ? undefined : decodeURIComponent(url.username)),
      password:
        text('influx.password') ?? (url.password === '' ? undefined : decodeURIComponent(url.password)),
      retentionSeconds: retentionDays === undefined ? undefined : Number(retentionDays) * 86_400,
    },
    spoolBytes: Number(get('influx.spool-bytes')),
    dropOldest: get('influx.drop-oldest') === true,
    answersHistory: get('influx.history') === true || get('influx.read-existing') === true,
    showsExisting: get('influx.read-existing') === true,
  };
}

function versionOf(value: unknown): InfluxVersion | undefined {
  if (value === undefined) return undefined;
  const version = ([1, 2, 3] as const).find((known) => known === value);
  if (version === undefined)
    throw new RangeError(`influx.version is 1, 2 or 3, not ${JSON.stringify(value)}.`);
  return version;
}
