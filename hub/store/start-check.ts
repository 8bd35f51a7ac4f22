/** Says what the start found and repaired, in sentences for the operator: nothing after a clean stop. */
import type { DatabaseSync } from 'node:sqlite';
import { repairTiers } from './tier-check.ts';
import type { WalFrames } from './wal-frames.ts';

/** @param before the log as it lay there before the database was opened */
export function checkStart(
  database: DatabaseSync,
  { before, isRestored }: { readonly before: WalFrames | undefined; readonly isRestored: boolean },
): readonly string[] {
  if (isRestored) return ['This is a restored backup: its offsets begin anew, and who resumes is told so.'];
  if (before === undefined) return [];
  const state = database.prepare('PRAGMA wal_checkpoint(NOOP)').get();
  const whole = Math.max(0, Number(state?.['log']));
  const dropped = before.frames - whole + Number(before.isTorn);
  const found = [
    `The hub had not been stopped cleanly: ${pages(whole)} of finished commits were in its log.`,
  ];
  if (dropped > 0)
    found.push(`${pages(dropped)} of a commit that was never finished were dropped; none was acknowledged.`);
  const wrong = repairTiers(database);
  if (wrong > 0)
    found.push(`${wrong} buckets of the history did not fit their readings where it was merged: made anew.`);
  return found;
}

function pages(count: number): string {
  return count === 1 ? '1 page' : `${count} pages`;
}
