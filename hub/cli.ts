/**
 * Small commands beside the hub; none touches its database.
 * `login-link` prints a link that opens the dashboards. `backup FILE` saves all that the hub remembers. `import` and
 * `export` move readings of a group in and out as CSV or line protocol. `influx-replay` sends InfluxDB the last readings
 * again. `config-check` says what the hub would do. `make-secrets` and `add-mqtt-user NAME` are for composed
 * deployments. `settings-docs` writes the reference.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { askHub } from './ask-hub.ts';
import { checkConfig } from './config-check.ts';
import { addMqttUser, makeSecrets } from './deployment-secrets.ts';
import { makeLoginLink } from './login-link.ts';
import { saveBackup } from './save-backup.ts';
import { exportFile, importFile, importOutcome } from './transfer.ts';
import { settingsFiles, settingsPage, settingsSchema } from './settings-schema.ts';

const usage = [
  'Usage: npm run login-link -- [--data ./data] [--url http://192.0.2.7:8080]',
  '       npm run influx:replay -- [--data ./data]',
  '       npm run backup -- FILE [--data ./data]',
  '       npm run import -- GROUP FILE [--precision us] [--data ./data]',
  '       npm run export -- GROUP FILE [--data ./data]',
  '       npm run config:check -- [the options of npm start]',
].join('\n');

/** Where docker-compose.yml mounts them for the service that makes them. */
const secretsFolder = process.env['SIGNALBOX_SECRETS'] ?? '/secrets';

function loginLink(argv: string[]): Promise<string> {
  const { values } = parseArgs({
    args: argv,
    options: { data: { type: 'string' }, url: { type: 'string' } },
  });
  return makeLoginLink({ dataFolder: dataFolderOf(values.data), url: values.url });
}

async function influxReplay(argv: string[]): Promise<string> {
  const { values } = parseArgs({ args: argv, options: { data: { type: 'string' } } });
  const { answer } = await askHub({
    dataFolder: dataFolderOf(values.data),
    path: '/api/v1/influxdb/replay',
    purpose: 'send readings again',
  });
  const { readings } = answer as { readonly readings: number };
  return `${readings} readings and events are looked at again; the status says how many still wait.`;
}

function dataFolderOf(given: string | undefined): string {
  return given ?? process.env['SIGNALBOX_DATA'] ?? './data';
}

async function backup(argv: string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { data: { type: 'string' } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined) throw new Error(usage);
  const bytes = await saveBackup(dataFolderOf(values.data), file);
  return `Saved ${bytes} bytes to ${file}. To restore, stop the hub and put it into an empty data folder as signalbox.db.`;
}

async function transfer(command: 'import' | 'export', argv: string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { data: { type: 'string' }, precision: { type: 'string' } },
    allowPositionals: true,
  });
  const [group, file] = positionals;
  if (group === undefined || file === undefined) throw new Error(usage);
  const { precision, data } = values;
  const what = { dataFolder: dataFolderOf(data), group, file, precision, tell: console.error };
  if (command === 'export') return `Exported ${await exportFile(what)} bytes to ${file}.`;
  const { text, exitCode } = importOutcome(await importFile(what), what);
  process.exitCode = exitCode;
  return text;
}

async function run(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  switch (command) {
    case 'login-link':
      return console.log(await loginLink(rest));
    case 'influx-replay':
      return console.log(await influxReplay(rest));
    case 'backup':
      return console.log(await backup(rest));
    case 'import':
    case 'export':
      return console.log(await transfer(command, rest));
    case 'config-check':
      return console.log(checkConfig({ argv: rest, env: process.env }));
    case 'make-secrets':
      return makeSecrets(secretsFolder);
    case 'add-mqtt-user':
      return console.log(addMqttUser(secretsFolder, rest[0] ?? ''));
    case 'settings-docs':
      writeFileSync(settingsFiles.schema, `${JSON.stringify(settingsSchema(), null, 2)}\n`);
      return writeFileSync(settingsFiles.page, settingsPage());
    case undefined:
    default:
      throw new Error(usage);
  }
}

run().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exit(1);
});
