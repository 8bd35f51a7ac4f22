/**
 * Preloaded into a hub (`node --import …`), breaks it on purpose: a sentence of its source is replaced as it is loaded,
 * so that the product itself needs no switch for it. For negative controls, which must fail, and for crashes at named
 * points. A sentence that is not there any more ends the start: a control that controls nothing would pass for ever.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Replacement {
  readonly file: string;
  readonly sentence: string;
  readonly by: string;
}

/** `PASSES` in a replacement is the number behind the colon: the crash comes at that pass. */
const crash = `if ((globalThis.crashPasses = (globalThis.crashPasses ?? 0) + 1) === PASSES) process.kill(process.pid, 'SIGKILL');`;

export const breaks = {
  /** Commits are not brought to the disk: only a power cut finds that out. */
  'no-fsync': [
    {
      file: 'hub/store/database.ts',
      sentence: 'PRAGMA synchronous = FULL;',
      by: 'PRAGMA synchronous = OFF;',
    },
    { file: 'hub/store/upkeep.ts', sentence: 'PRAGMA synchronous = NORMAL', by: 'PRAGMA synchronous = OFF' },
    { file: 'hub/store/upkeep.ts', sentence: 'PRAGMA synchronous = FULL', by: 'PRAGMA synchronous = OFF' },
  ],
  /** What was appended is answered at once and committed a little later. */
  'ack-before-commit': [
    {
      file: 'hub/store/writer.ts',
      sentence: 'transact(this.#database, () => {',
      by: 'lateTransact(this.#database, () => {',
    },
    {
      file: 'hub/store/writer.ts',
      sentence: 'function failed(',
      by: `function lateTransact(database, work) {
        if (!database.isTransaction) {
          database.exec('BEGIN IMMEDIATE');
          setTimeout(() => database.exec('COMMIT'), 300);
        }
        return work();
      }
      function failed(`,
    },
  ],
  /** InfluxDB is taken to have what it was only sent. */
  'cursor-before-answer': [
    {
      file: 'bridges/influxdb/influx-writer.ts',
      sentence: 'const delivered = await this.#delivery.deliver(',
      by: 'await this.#cursor.advance(offset); await this.#cursor.settle(); const delivered = await this.#delivery.deliver(',
    },
  ],
  'crash-after-write': [
    {
      file: 'hub/store/writer.ts',
      sentence: 'for (const member of group) this.#replies.push(this.#perform(member));',
      by: `for (const member of group) this.#replies.push(this.#perform(member)); ${crash}`,
    },
  ],
  'crash-after-fsync': [
    {
      file: 'hub/store/writer-thread.ts',
      sentence: 'post(writer.commit(group.members));',
      by: `{ const replies = writer.commit(group.members); ${crash} post(replies); }`,
    },
  ],
  'crash-after-ack': [
    {
      file: 'hub/store/journal.ts',
      sentence: 'turn.done(answer);',
      by: `turn.done(answer); setTimeout(() => { ${crash} }, 1);`,
    },
  ],
  'crash-before-cursor': [
    {
      file: 'bridges/influxdb/cursor.ts',
      sentence: 'this.#moving = this.#follower.moveTo(offset);',
      by: `${crash} this.#moving = this.#follower.moveTo(offset);`,
    },
  ],
  'crash-after-cursor': [
    {
      file: 'bridges/influxdb/cursor.ts',
      sentence: 'this.#moving = this.#follower.moveTo(offset);',
      by: `this.#moving = this.#follower.moveTo(offset).then(() => { ${crash} });`,
    },
  ],
  'crash-in-merge': [
    { file: 'hub/store/upkeep.ts', sentence: 'mergeRows: 10_000', by: 'mergeRows: 200' },
    { file: 'hub/store/merge.ts', sentence: 'this.#savePlace.run(', by: `${crash} this.#savePlace.run(` },
  ],
} as const satisfies Readonly<Record<string, readonly Replacement[]>>;

export type Break = keyof typeof breaks;

/** What a child's environment must hold to be broken that way. @param passes at which pass a crash comes */
export function brokenBy(name: Break, passes = 1): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import ${import.meta.filename}`, SIGNALBOX_TEST_BREAK: `${name}:${passes}` };
}

const [asked = '', passes = '1'] = (process.env['SIGNALBOX_TEST_BREAK'] ?? '').split(':');
if (asked !== '') install(breaks[asked as Break], passes);

function install(replacements: readonly Replacement[], atPass: string): void {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  for (const { file, sentence } of replacements)
    if (!readFileSync(`${root}${file}`, 'utf8').includes(sentence)) {
      process.stderr.write(`Nothing to break: ${file} has no ${JSON.stringify(sentence)}.\n`);
      process.exit(99);
    }
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const wanted = replacements.filter(({ file }) => url.endsWith(`/${file}`));
      if (wanted.length === 0) return loaded;
      let source =
        typeof loaded.source === 'string'
          ? loaded.source
          : Buffer.from(loaded.source as Uint8Array).toString('utf8');
      for (const { sentence, by } of wanted)
        source = source.replaceAll(sentence, () => by.replaceAll('PASSES', atPass));
      return { ...loaded, source };
    },
  });
}
