/** What people do with messages that nothing understood: map them, take them in again. Types only. */
import type { Principal } from '../contract/access.ts';
import type { Mapping, MappingDraft, MappingPreview, Replayed } from '../contract/mapping.ts';

export interface Mappings {
  /** The oldest first: the first that selects a topic and finds something in the payload decides. */
  list(): readonly Mapping[];
  /** Tries a draft on what waits in the inbox; stores nothing. @throws {RequestError} 400 it cannot be used */
  preview(draft: MappingDraft): Promise<MappingPreview>;
  /**
   * Durable when resolved, and used for every message from then on, and for what waits in the inbox.
   * @param id absent: a new one @throws {RequestError} 400 it cannot be used, 404 there is none with this id
   */
  save(
    draft: MappingDraft,
    by: Principal,
    id?: string,
  ): Promise<{ readonly mapping: Mapping; readonly applied: Replayed }>;
  /** False if there is none with this id. What it mapped before stays. */
  remove(id: string, by: Principal): Promise<boolean>;
}

/** Which rows of the quarantine; nothing given: all. */
export interface QuarantineSelection {
  readonly ids?: readonly number[] | undefined;
  readonly code?: string | undefined;
  readonly topic?: string | undefined;
}

export interface QuarantineDesk {
  /**
   * Offers the messages to the hub again, as if they arrived now, with their first arrival as their time. What was
   * stored of them before is not stored again; what is refused again stays, with its reason of now.
   */
  replay(selection: QuarantineSelection, by: Principal): Promise<Replayed>;
  /** @returns how many went */
  purge(selection: QuarantineSelection, by: Principal): Promise<number>;
}
