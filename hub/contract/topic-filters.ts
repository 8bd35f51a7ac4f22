/** MQTT topic filters and what they select. Spec: MQTT 3.1.1 and 5.0, §4.7. Pure text, no limits of any broker. */

/** `#` only alone in the last level, `+` only alone in its level, no NUL. */
export function isTopicFilter(text: string): boolean {
  if (text === '' || text.includes('\0')) return false;
  const levels = text.split('/');
  return levels.every((level, index) => {
    if (level === '#') return index === levels.length - 1;
    return level === '+' || !/[#+]/u.test(level);
  });
}

/** Does `filter` select the topic name? Wildcards in the first level never select `$` topics (§4.7.2). */
export function matchesTopic(filter: string, topic: string): boolean {
  return covers(filter, topic);
}

/**
 * Is every topic name that `inner` selects selected by `outer` too? A topic name is a filter that selects itself,
 * so this also answers whether a grant opens one topic.
 */
export function covers(outer: string, inner: string): boolean {
  const outerLevels = outer.split('/');
  const innerLevels = inner.split('/');
  if (isWildcard(outerLevels[0]) && innerLevels[0]?.startsWith('$') === true) return false;
  for (const [index, level] of outerLevels.entries()) {
    // §4.7.1.2: `a/#` also selects `a` itself.
    if (level === '#') return index <= innerLevels.length;
    const other = innerLevels[index];
    if (other === undefined || other === '#') return false;
    if (level !== '+' && level !== other) return false;
  }
  return innerLevels.length === outerLevels.length;
}

function isWildcard(level: string | undefined): boolean {
  return level === '+' || level === '#';
}
