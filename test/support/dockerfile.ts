/** What our Dockerfile gives every container of its image: environment, command and health check. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './hub-process.ts';

export interface ImageDefaults {
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

/** @param path from the root of the repository */
export function dockerfileDefaults(path: string): ImageDefaults {
  const text = readFileSync(join(repositoryRoot, path), 'utf8').replaceAll(/\\\n\s*/g, '');
  const last = text.slice(text.lastIndexOf('\nFROM '));
  const json = (pattern: RegExp): readonly string[] => {
    const found = pattern.exec(last)?.[1];
    if (found === undefined) throw new Error(`${path} has no line like ${pattern}.`);
    return JSON.parse(found) as string[];
  };
  const env = /^ENV (.+)$/m.exec(last)?.[1] ?? '';
  return {
    env: Object.fromEntries(
      [...env.matchAll(/(\w+)=(\S+)/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
    ),
    command: json(/^CMD (\[.+\])$/m),
    healthcheck: ['CMD', ...json(/^HEALTHCHECK .*CMD (\[.+\])$/m)],
  };
}
