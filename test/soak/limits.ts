/** @throws {Error} a figure of the tally is not under its limit, which has the same name */
export function requireUnder<Name extends string>(
  limits: Readonly<Record<Name, number>>,
  tally: Readonly<Record<NoInfer<Name>, number>>,
): void {
  const missed = (Object.keys(limits) as Name[]).filter((name) => !(tally[name] < limits[name]));
  if (missed.length > 0)
    throw new Error(`Missed: ${missed.map((name) => `${name} under ${limits[name]}`).join(', ')}.`);
}
