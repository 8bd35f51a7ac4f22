/**
 * The promises between the parts, as types only: no part imports another, all meet here and are wired by the process.
 * One file a part in `ports/`.
 */
export type * from './ports/access.ts';
export type * from './ports/commands.ts';
export type * from './ports/devices.ts';
export type * from './ports/edges.ts';
export type * from './ports/environment.ts';
export type * from './ports/history.ts';
export type * from './ports/ingest.ts';
export type * from './ports/kept.ts';
export type * from './ports/live.ts';
export type * from './ports/mappings.ts';
export type * from './ports/store.ts';
export type * from './ports/traces.ts';
