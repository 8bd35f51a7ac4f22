/**
 * Puts the Socket.IO Admin UI beside the dashboards, as its package has built it, but for what its page would fetch from
 * others: fonts and icons. Those are ours, and so is the script that tells it where the server is.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** Where it lies in the build, and below which path the hub serves it. */
const folder = 'admin-ui';
const own = ['start.js', 'icons.css'] as const;
const externalLink = /<link\b[^>]*\bhref="https?:[^>]*>/g;

export function adminUi(): Plugin {
  return {
    name: 'signalbox:admin-ui',
    apply: 'build',
    generateBundle() {
      const shippedPackage = dirname(
        createRequire(import.meta.url).resolve('@socket.io/admin-ui/package.json'),
      );
      const shipped = join(shippedPackage, 'ui/dist');
      const emit = (name: string, source: string | Uint8Array): void => {
        this.emitFile({ type: 'asset', fileName: `${folder}/${name}`, source });
      };
      for (const name of filesOf(shipped))
        if (name === 'index.html') emit(name, ownPage(readFileSync(join(shipped, name), 'utf8')));
        else if (!name.endsWith('.map')) emit(name, readFileSync(join(shipped, name)));
      emit('LICENSE', readFileSync(join(shippedPackage, 'LICENSE')));
      for (const name of own) emit(name, readFileSync(join(import.meta.dirname, folder, name)));
    },
  };
}

/**
 * The page without links to other hosts, with our style after and our script before everything else.
 * @throws {Error} the page is not as we know it
 */
export function ownPage(page: string): string {
  const changed = page
    .replaceAll(externalLink, '')
    .replace('</head>', '<link href="icons.css" rel="stylesheet"></head>')
    .replace('<script src=', '<script src="start.js"></script><script src=');
  const isWhole = own.every((name) => changed.includes(`"${name}"`));
  if (!isWhole || /(?:src|href)="(?:https?:)?\/\//.test(changed))
    throw new Error('The page of @socket.io/admin-ui is built in another way than before.');
  return changed;
}

function filesOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
