/**
 * The settings as a JSON Schema (2020-12), for editors that complete a YAML file, and as a page for people. Both are
 * made from the one table, so that neither can tell another story than the hub. Pure.
 */
import { limits } from './contract/limits.ts';
import { logLevels } from './log.ts';
import { flagOf, settings, variableOf, type Setting } from './settings.ts';

type Schema = { readonly [key: string]: unknown };

/** Where the two are kept, from the root of the project. */
export const settingsFiles = { schema: 'docs/settings.schema.json', page: 'docs/settings.md' } as const;

const kinds: Readonly<Record<Setting['kind'], { readonly schema: Schema; readonly words: string }>> = {
  text: { schema: { type: 'string', minLength: 1 }, words: 'text' },
  flag: { schema: { type: 'boolean' }, words: 'true or false' },
  port: { schema: { type: 'integer', minimum: 0, maximum: 65_535 }, words: 'port' },
  count: { schema: { type: 'integer', minimum: 1 }, words: 'whole number' },
  linger: {
    schema: { type: 'integer', minimum: 0, maximum: limits.lingerMs },
    words: `milliseconds, at most ${limits.lingerMs}`,
  },
  list: { schema: { type: 'array', items: { type: 'string' } }, words: 'list of texts' },
  level: { schema: { enum: logLevels }, words: logLevels.join(', ') },
  zone: { schema: { type: 'string', pattern: '^[A-Za-z]' }, words: 'IANA time zone' },
};

/** Accepts exactly the keys that the hub accepts. */
export function settingsSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of Signalbox',
    ...objectOf(settings.map((setting) => ({ keys: setting.path.split('.'), setting }))),
  };
}

interface Entry {
  readonly keys: readonly string[];
  readonly setting: Setting;
}

function objectOf(entries: readonly Entry[]): Schema {
  const properties: Record<string, Schema> = {};
  for (const [key = '', group = []] of Map.groupBy(entries, ({ keys }) => keys[0])) {
    const [only] = group;
    properties[key] =
      only?.keys.length === 1
        ? leafOf(only.setting)
        : objectOf(group.map(({ keys, setting }) => ({ keys: keys.slice(1), setting })));
  }
  return { type: 'object', additionalProperties: false, properties };
}

function leafOf({ kind, about, default: value }: Setting): Schema {
  return { description: about, ...kinds[kind].schema, ...(value !== undefined && { default: value }) };
}

/** One table: the key in the file, the variable, the flag, what it takes, the default, the meaning. */
export function settingsPage(): string {
  const rows = settings.map(({ path, kind, default: value, about }: Setting) => [
    `\`${path}\``,
    `\`${variableOf(path)}\``,
    `\`--${flagOf(path)}\``,
    kinds[kind].words,
    value === undefined ? '' : `\`${JSON.stringify(value)}\``,
    about.replaceAll('|', '\\|'),
  ]);
  return [
    '# Settings',
    '',
    'Made from the table in `hub/settings.ts` by `npm run docs:settings`. Later ways win: default, YAML file',
    '(`--config` or `SIGNALBOX_CONFIG`; `http.port` is `port` under `http`), variable, flag. Each variable also as',
    '`…_FILE`, which names a file that holds the value: the way for secrets. An unknown key is an error.',
    '`npm run config:check -- --config signalbox.yaml` says what the hub would do, and starts nothing.',
    '',
    'For completion in editors, put this first in the YAML file:',
    '`# yaml-language-server: $schema=settings.schema.json`',
    '',
    '| key | variable | flag | takes | default | meaning |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    '`--mqtt mqtt://user@192.0.2.5` is short for `--broker-url` with the embedded broker off.',
    '',
  ].join('\n');
}
