import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { returnStartMemory } from '../../../hub/store/start-memory.ts';
import { InfluxConnection, packed, type InfluxTarget } from '../../../bridges/influxdb/connection.ts';
import { StubInflux, type StubOptions } from './support/stub-influx.ts';

let stub: StubInflux;

async function connect(
  target: Partial<InfluxTarget> = {},
  options: StubOptions = {},
  deadlineMs?: number,
): Promise<InfluxConnection> {
  stub = await StubInflux.start(options);
  const connection = new InfluxConnection(
    { url: stub.url, bucket: 'signalbox', token: 'secret', ...target },
    deadlineMs,
  );
  onTestFinished(async () => {
    connection.close();
    await stub[Symbol.asyncDispose]();
  });
  return connection;
}

beforeEach(() => {
  expect.hasAssertions();
});

describe('Which InfluxDB it is', () => {
  for (const [version, major] of [
    ['1.6.7', 1],
    ['1.8.10', 1],
    ['v2.7.0', 2],
    ['3.4.1', 3],
    ['victoria-metrics', 2],
  ] as const)
    test(`one that says ${version} is spoken to as ${major}`, async () => {
      const connection = await connect({}, { version });
      expect(await connection.detect()).toBe(major);
    });

  test('the setting spares the question', async () => {
    const connection = await connect({ version: 1 });
    expect(await connection.detect()).toBe(1);
    expect(stub.paths).toEqual([]);
  });
});

describe('Writing', () => {
  test('2.x: bucket, organization and µs in the path, the token in a header, large bodies packed', async () => {
    const connection = await connect({ org: 'plant' });
    await connection.detect();
    const lines = Array.from({ length: 100 }, (_, n) => `home,device=d n=${n} ${1_780_000_000_000_000 + n}`);
    await connection.write(lines.join('\n'));
    expect(stub.paths.at(-1)).toBe('POST /api/v2/write?bucket=signalbox&org=plant&precision=us');
    expect(stub.points.size).toBe(100);
  });

  test('what was packed beforehand arrives as it is, and its refusal is told as any', async () => {
    const connection = await connect({ version: 2 });
    const lines = Array.from({ length: 100 }, (_, n) => `home,device=d n=${n} ${1_780_000_000_000_000 + n}`);
    const body = await packed(lines.join('\n'));
    expect(body).toBeInstanceOf(Uint8Array);
    expect(body.length).toBeLessThan(lines.join('\n').length / 5);
    await connection.write(body);
    expect(stub.points.size).toBe(100);
    stub.script = [{ status: 503 }];
    await expect(connection.write(body)).rejects.toMatchObject({ statusCode: 503 });
    expect(await packed('home n=1 1')).toBe('home n=1 1');
  });

  test('1.x: the database in the path', async () => {
    const connection = await connect({ version: 1 });
    await connection.write('home,device=d n=1 1780000000000000');
    expect(stub.paths).toEqual(['POST /write?db=signalbox&precision=u']);
  });

  test('a database that hangs is given up after the deadline', async () => {
    const connection = await connect({ version: 2 }, {}, 100);
    stub.script = [{ status: 0, instead: 'hang' }];
    await expect(connection.write('home n=1 1')).rejects.toThrow();
    await connection.write('home n=1 1');
    expect(stub.points.size).toBe(1);
  });
});

test('What was sent is let go of with the answer, not with the deadline', async () => {
  const connection = await connect({ version: 2 });
  const megabytes = 2;
  const write = (n: number): Promise<void> =>
    connection.write(`home n=${n} 1\n#${String.fromCharCode(97 + (n % 26)).repeat(megabytes * 2 ** 20)}`);
  await write(0);
  returnStartMemory();
  const before = process.memoryUsage().heapUsed;
  for (let n = 1; n <= 30; n += 1) await write(n);
  returnStartMemory();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10 * megabytes * 2 ** 20);
});

describe('A bucket that is not there', () => {
  test('is created, once', async () => {
    const connection = await connect({ bucket: 'new', retentionSeconds: 3600 });
    await connection.detect();
    await connection.createBucket();
    expect([...stub.buckets]).toEqual(['signalbox', 'new']);
    await connection.createBucket();
    expect(stub.paths.filter((path) => path === 'POST /api/v2/buckets')).toHaveLength(1);
  });

  test('a wrong token is told', async () => {
    const connection = await connect({ token: 'wrong' });
    await connection.detect();
    await expect(connection.createBucket()).rejects.toMatchObject({ statusCode: 401 });
  });
});

describe('Asking', () => {
  test('has the database, the statement and times in µs in the path, and tables in its answer', async () => {
    const connection = await connect({ version: 1 });
    stub.answers.set('SHOW FIELD KEYS', [
      {
        name: 'cpu',
        columns: ['fieldKey', 'fieldType'],
        values: [
          ['n', 'integer'],
          ['f', 'float'],
        ],
      },
    ]);
    expect(await connection.fields()).toEqual([
      { measurement: 'cpu', field: 'n', type: 'integer' },
      { measurement: 'cpu', field: 'f', type: 'float' },
    ]);
    expect(stub.paths).toEqual(['GET /query?db=signalbox&q=SHOW+FIELD+KEYS&epoch=u']);
  });

  test('a statement that is refused is an error with the database’s sentence', async () => {
    const connection = await connect({ version: 1 });
    await expect(connection.query('SELECT')).rejects.toThrow('error parsing query: SELECT');
  });
});
