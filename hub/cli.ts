/**
 * Small commands beside a running hub. `login-link` prints a link that opens the dashboards: 24 h, single use.
 * Talks to the hub over HTTP with the admin token of its data folder; touches no database.
 */
import { parseArgs } from 'node:util';
import { readAddress, readAdminToken } from './data-folder.ts';

const usage = 'Usage: npm run login-link -- [--data ./data] [--url http://192.0.2.7:8080]';
const answerDeadlineMs = 5000;

async function loginLink(argv: string[]): Promise<string> {
  const { values } = parseArgs({
    args: argv,
    options: { data: { type: 'string' }, url: { type: 'string' } },
  });
  const folder = values.data ?? process.env['SIGNALBOX_DATA'] ?? './data';
  const address = readAddress(folder);
  const response = await fetch(`${address.url}/api/v1/login-codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readAdminToken(folder)}` },
    signal: AbortSignal.timeout(answerDeadlineMs),
  }).catch((cause: unknown) => {
    throw new Error(`The hub at ${address.url} does not answer: is it running?`, { cause });
  });
  if (!response.ok)
    throw new Error(`The hub refused to make a login link: ${response.status} ${await response.text()}`);
  const { code } = (await response.json()) as { code: string };
  return `${values.url ?? address.url}/#login=${code}`;
}

async function run(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command !== 'login-link') throw new Error(usage);
  console.log(await loginLink(rest));
}

run().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exit(1);
});
