/** What people call those who did something: the name of a token, also when it is revoked or only a session of it is known. */
import type { Access, AuditStore } from '#ports';

export interface NameParts {
  readonly access: Pick<Access, 'nameOf'>;
  readonly audit: Pick<AuditStore, 'list'>;
}

/** @param ids of principals @returns names by id; who is no token and no session of one has none */
export async function principalNames(
  parts: NameParts,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const id of new Set(ids)) {
    const name = parts.access.nameOf(id) ?? (await nameOfSession(parts, id));
    if (name !== undefined) names.set(id, name);
  }
  return names;
}

/** Sessions end and are forgotten: the audit log keeps which token each came from. */
async function nameOfSession({ access, audit }: NameParts, id: string): Promise<string | undefined> {
  if (!id.startsWith('session:')) return undefined;
  const [made] = await audit.list(1, { principal: id, action: 'session:create' });
  return made && access.nameOf(made.target);
}
