import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from '../hub-process.ts';
import { breaks } from './broken-source.ts';

describe('What is broken on purpose', () => {
  test.for(Object.entries(breaks))('%s: every sentence is in the source still', ([, replacements]) => {
    const missing = replacements.filter(
      ({ file, sentence }) => !readFileSync(join(repositoryRoot, file), 'utf8').includes(sentence),
    );
    expect(missing).toEqual([]);
  });
});
