/**
 * What the sender of a kept message may write now: a replay by a person gives a sender no right that it has not, or a
 * stranger's message would only have to wait in quarantine for somebody to press the button.
 */
import type { Access } from '#ports';

export type KeptAccess = Pick<Access, 'may' | 'tokens'>;

/** @param principal as it stands with the message: a token's id, or `bridge:<name>` of a broker that is trusted */
export function senderRights(
  access: KeptAccess,
  principal: string,
): (group: string, device: string) => boolean {
  if (principal.startsWith('bridge:')) return () => true;
  const token = access.tokens().find(({ id }) => id === principal);
  if (token === undefined || token.revokedAt !== undefined) return () => false;
  const sender = { ...token, tokenId: token.id };
  return (group, device) => access.may(sender, 'telemetry:write', { group, device });
}
