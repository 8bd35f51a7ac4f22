/** Stand-ins for the desks where people look after messages that nothing understood. */
import type { Principal } from '#contract/access.ts';
import type { Mapping, MappingDraft, MappingPreview, Replayed } from '#contract/mapping.ts';
import type { Mappings, QuarantineDesk, QuarantineSelection } from '#ports';

export const replayed: Replayed = { messages: 2, readings: 3, left: { unmapped: 1 } };

export class MappingsFake implements Mappings {
  readonly all: Mapping[] = [];
  readonly drafts: MappingDraft[] = [];
  answer: MappingPreview = { topics: 0, messages: [] };

  list(): readonly Mapping[] {
    return this.all;
  }
  async preview(draft: MappingDraft): Promise<MappingPreview> {
    this.drafts.push(draft);
    return this.answer;
  }
  async save(
    draft: MappingDraft,
    { name }: Principal,
    id = 'made',
  ): Promise<{ mapping: Mapping; applied: Replayed }> {
    const mapping = { ...draft, id, createdAt: 1, changedAt: 2, changedBy: name };
    this.all.push(mapping);
    return { mapping, applied: replayed };
  }
  async remove(id: string): Promise<boolean> {
    const at = this.all.findIndex((mapping) => mapping.id === id);
    if (at >= 0) this.all.splice(at, 1);
    return at >= 0;
  }
}

export class QuarantineDeskFake implements QuarantineDesk {
  readonly asked: [what: 'replay' | 'purge', selection: QuarantineSelection][] = [];

  async replay(selection: QuarantineSelection): Promise<Replayed> {
    this.asked.push(['replay', selection]);
    return replayed;
  }
  async purge(selection: QuarantineSelection): Promise<number> {
    this.asked.push(['purge', selection]);
    return 4;
  }
}
