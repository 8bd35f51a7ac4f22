/** What a meaning asks of the hub, and what becomes of a message that brings nothing. Pure. */
import type { Meaning, Outcome, ToldMeaning } from './meaning.ts';

/** Most messages are: for them there is nothing to do but to take in their readings. */
export function isOnlyReadings(meaning: ToldMeaning): boolean {
  const { readings, events, presence, reported, descriptions } = meaning;
  const { answer, answers, past, controls, says, problems } = meaning;
  return (
    !isEmpty(readings) &&
    answer === undefined &&
    isEmpty(events) &&
    isEmpty(presence) &&
    isEmpty(reported) &&
    isEmpty(descriptions) &&
    isEmpty(answers) &&
    isEmpty(past) &&
    isEmpty(controls) &&
    isEmpty(says) &&
    isEmpty(problems)
  );
}

/** Nothing to store and nothing to tell the registry. */
export function isNothing({ readings, events, presence, reported, descriptions }: Meaning): boolean {
  return [readings, events, presence, reported, descriptions].every(isEmpty);
}

/** A message without anything to keep is looked at by a person: as a mistake, or as something set aside. */
export function explain(meaning: Meaning): Outcome {
  const { problems: [first] = [], aside = 'Understood, but there is nothing in it.' } = meaning;
  return first === undefined ? { kind: 'unmapped', why: aside, meaning } : rejected(first, meaning);
}

export function rejected(
  { code, message }: { readonly code: string; readonly message: string },
  meaning?: ToldMeaning,
): Outcome {
  return { kind: 'rejected', code, message, ...(meaning !== undefined && { meaning }) };
}

function isEmpty(part: { readonly length: number } | undefined): boolean {
  return part === undefined || part.length === 0;
}
