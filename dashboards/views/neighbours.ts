/** The device before or after one, around the end. Pure. */
export function neighbourOf<Item extends { readonly device: string }>(
  devices: readonly Item[],
  device: string,
  step: -1 | 1,
): Item | undefined {
  const index = devices.findIndex((candidate) => candidate.device === device);
  if (index === -1 || devices.length < 2) return undefined;
  return devices[(index + step + devices.length) % devices.length];
}
