/** Where the hub's own files lie, whether it runs from its sources or from its build. */
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The folder of `package.json`. */
export const projectFolder = dirname(findPackageJSON('.', import.meta.url) ?? '');
