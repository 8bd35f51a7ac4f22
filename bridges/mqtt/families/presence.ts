/** The two words of birth and will that most families share, written exactly so. Pure. */
import type { FamilyReport } from './family.ts';

/** @returns undefined for any other word */
export function presenceOf(text: string | undefined): FamilyReport['presence'] {
  return text === 'online' || text === 'offline' ? text : undefined;
}
