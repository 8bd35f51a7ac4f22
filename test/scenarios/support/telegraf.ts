/**
 * What Telegraf's inputs cpu, disk and net send of one machine, and how its `outputs.influxdb_v2` sends it: sorted tags,
 * `i` behind integers, nanoseconds, gzip of unknown length in chunks.
 */
import { request as sendRequest } from 'node:http';
import { gzipSync } from 'node:zlib';

export interface Metric {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** As they are written, and what they are. */
  readonly fields: Readonly<Record<string, readonly [text: string, value: number]>>;
  /** Whole seconds: Telegraf rounds to its interval. */
  readonly timeSeconds: number;
}

const cores = ['cpu-total', ...Array.from({ length: 8 }, (_, core) => `cpu${core}`)];
const disks = [
  { device: 'nvme0n1p2', fstype: 'ext4', mode: 'rw', path: '/' },
  { device: 'nvme0n1p1', fstype: 'vfat', mode: 'rw', path: '/boot/efi' },
  { device: 'sda1', fstype: 'xfs', mode: 'rw', path: '/srv/big data' },
];
const interfaces = ['eth0', 'wlan0', 'docker0'];
const cpuFields = 'user system idle nice iowait irq softirq steal guest guest_nice'.split(' ');
const diskFields = 'total free used inodes_total inodes_free inodes_used'.split(' ');
const netFields = 'bytes_sent bytes_recv packets_sent packets_recv err_in err_out drop_in drop_out'.split(
  ' ',
);

/** One interval's metrics; every value differs from every other. */
export function collect(host: string, timeSeconds: number, tick: number): readonly Metric[] {
  let serial = tick * 1000;
  const next = (): number => (serial += 1);
  const integers = (names: readonly string[]): Metric['fields'] =>
    Object.fromEntries(names.map((name) => [name, integer(next())]));
  const metric = (measurement: string, tags: Metric['tags'], fields: Metric['fields']): Metric => {
    return { measurement, tags: { ...tags, host }, fields, timeSeconds };
  };
  return [
    ...cores.map((cpu) =>
      metric('cpu', { cpu }, Object.fromEntries(cpuFields.map((name) => [`usage_${name}`, float(next())]))),
    ),
    ...disks.map((tags) => metric('disk', tags, { ...integers(diskFields), used_percent: float(next()) })),
    ...interfaces.map((name) => metric('net', { interface: name }, integers(netFields))),
  ];
}

/** Beyond 2^32, as counters of bytes are. */
function integer(serial: number): readonly [string, number] {
  const value = 512_000_000_000 + serial;
  return [`${value}i`, value];
}

function float(serial: number): readonly [string, number] {
  const value = serial / 7;
  return [String(value), value];
}

export function toLine({ measurement, tags, fields, timeSeconds }: Metric): string {
  const tagPart = Object.entries(tags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `,${key}=${escape(value)}`);
  const fieldPart = Object.entries(fields).map(([key, [text]]) => `${key}=${text}`);
  return `${measurement}${tagPart.join('')} ${fieldPart.join(',')} ${timeSeconds}000000000\n`;
}

function escape(text: string): string {
  return text.replaceAll(/[ ,=]/g, String.raw`\$&`);
}

/** The part of `[[outputs.influxdb_v2]]` that says where to. */
export interface Output {
  readonly urls: readonly string[];
  readonly token: string;
  readonly organization: string;
  readonly bucket: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export async function writeBatch(output: Output, text: string): Promise<Answer> {
  const url = new URL('/api/v2/write', output.urls[0]);
  url.searchParams.set('bucket', output.bucket);
  url.searchParams.set('org', output.organization);
  const packed = gzipSync(text);
  const headers = {
    'user-agent': 'Telegraf/1.30.0 Go/1.22.0',
    'content-type': 'text/plain; charset=utf-8',
    'content-encoding': 'gzip',
    'transfer-encoding': 'chunked',
    authorization: `Token ${output.token}`,
  };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = sendRequest(url, { method: 'POST', headers, timeout: 10_000 }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (body += chunk));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    response.on('error', reject);
  });
  request.on('error', reject);
  request.on('timeout', () => request.destroy(new Error('The hub did not answer.')));
  const half = Math.ceil(packed.length / 2);
  request.write(packed.subarray(0, half));
  request.end(packed.subarray(half));
  return promise;
}
