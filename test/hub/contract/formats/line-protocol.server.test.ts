/** The same lines to InfluxDB 1.6 and to our reader: both take them or refuse them, and understand the same. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LineNames } from '#contract/formats/line-names.ts';
import { decodeLineProtocol } from '#contract/formats/line-protocol.ts';
import { encodeLine } from '#contract/formats/line-protocol-encode.ts';
import { LineReader } from '#contract/formats/line-reader.ts';
import { startInfluxd, type Influxd } from '../../../support/influxd.ts';
import { describeWith } from '../../../support/servers.ts';

interface Stored {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

const understoodAlike = [
  'm f=1',
  'm f=1.',
  'm f=-.5',
  'm f=1e3',
  'm f=-1.234456e+78',
  'm f=82i',
  'm f=T',
  'm f=false',
  'm f=""',
  'm f="a b,c=d"',
  'm f="a\nb"',
  String.raw`m f="a\"b"`,
  String.raw`m f="a\\b"`,
  String.raw`m f="a\b"`,
  String.raw`m f="a\\"`,
  String.raw`m f="a\\\"b"`,
  String.raw`m\,x f=1`,
  String.raw`m\ x f=1`,
  String.raw`m\=x f=1`,
  'm=x f=1',
  String.raw`m,t=a\,b f=1`,
  String.raw`m,t=a\=b f=1`,
  String.raw`m,t=a\\b f=1`,
  String.raw`m,t=a\\\ b f=1`,
  String.raw`m,a\ b=c f=1`,
  'm,t="q" f=1',
  'm,t=ü f=1',
  String.raw`m f\,x=1`,
  String.raw`m f\=x=1`,
  String.raw`m f\ x=1`,
  String.raw`m f\x=1`,
  'm "f"=1',
  'm f=1,g=2',
  '  m  f=1  5  ',
  'm f=1 -5',
];

const refusedAlike = [
  'm',
  'm f',
  'm f=',
  'm =1',
  'm f=1,',
  'm f=1,,g=2',
  'm f=1, g=2',
  'm f x=1',
  'm, f=1',
  'm,t f=1',
  'm,t= f=1',
  'm,=a f=1',
  'm,t=a=b f=1',
  'm,t=a,t=b f=1',
  'm,t=a\\ f=1',
  'm,t="a b" f=1',
  ',t=a f=1',
  'm\tf=1',
  'm f="a',
  'm f=1e400',
  'm f=9223372036854775808i',
  'm f=1.5i',
  'm f=tRUE',
  'm f=0x10',
  'm f=1_000',
  "m f='a'",
  'm f=1-2',
  'm f=1 1.5',
  'm f=1 now',
  'm f=1 5 6',
];

describeWith('influxd', 'Line protocol, beside InfluxDB 1.6', (program) => {
  let influxd: Influxd;
  let databases = 0;
  beforeAll(async () => {
    influxd = await startInfluxd(program);
  });
  afterAll(async () => {
    await influxd[Symbol.asyncDispose]();
  });

  /** Into a database of its own. */
  async function write(
    body: string,
  ): Promise<{ readonly status: number; readonly stored: readonly Stored[] }> {
    databases += 1;
    const database = `d${databases}`;
    await query('', `CREATE DATABASE ${database}`);
    const { status } = await fetch(`${influxd.url}/write?db=${database}`, { method: 'POST', body });
    return { status, stored: await query(database, 'SELECT * FROM /.*/ GROUP BY *') };
  }

  async function query(database: string, text: string): Promise<readonly Stored[]> {
    const form = new URLSearchParams({ db: database, q: text });
    const answer = await fetch(`${influxd.url}/query`, { method: 'POST', body: form });
    const { results } = (await answer.json()) as { results: readonly { series?: readonly Stored[] }[] };
    return results[0]?.series ?? [];
  }

  for (const line of understoodAlike)
    test(`both understand ${JSON.stringify(line)}`, async () => {
      const { status, stored } = await write(line);
      expect([status, stored.length]).toEqual([204, 1]);
      const reader = new LineReader(line, 10, new LineNames());
      reader.toNextLine();
      const { head, fields } = reader.readLine();
      expect({
        name: stored[0]?.name,
        tags: stored[0]?.tags ?? {},
        fields: fieldsOf(stored[0]),
      }).toEqual({
        name: head.measurement,
        tags: head.named,
        fields: Object.fromEntries(fields.map(({ name, scalar }) => [name.line.field, scalar.value])),
      });
    });

  for (const line of refusedAlike)
    test(`both refuse ${JSON.stringify(line)}`, async () => {
      expect((await write(line)).status).toBe(400);
      const { readings, problems } = decodeLineProtocol(line);
      expect([readings.length, problems.length]).toEqual([0, 1]);
    });

  for (const name of ['a\\', 'C:\\dir\\', 'a\\\\', '#x', ' a', 'a=b', 'a\\=b', 'a,b', 'a b', '"q"', 'a\nb'])
    test(`${JSON.stringify(name)} as every name breaks neither its line nor the next`, async () => {
      const odd = encodeLine({
        measurement: name,
        tags: { [name]: name },
        fields: { [name]: 1, text: name },
        timeUs: 5,
      });
      const next = encodeLine({ measurement: 'next', fields: { f: 2 }, timeUs: 5 });
      const { status, stored } = await write(`${odd}\n${next}`);
      expect(status).toBe(204);
      expect(stored).toHaveLength(2);
      expect(stored.find((series) => series.name !== 'next')?.values[0]).toContain(name);
      expect(fieldsOf(stored.find((series) => series.name === 'next'))['f']).toBe(2);
    });
});

function fieldsOf(stored: Stored | undefined): Readonly<Record<string, unknown>> {
  const [values = []] = stored?.values ?? [];
  const pairs = (stored?.columns ?? []).map((column, index) => [column, values[index]] as const);
  return Object.fromEntries(pairs.filter(([column]) => column !== 'time'));
}
