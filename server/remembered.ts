/** Of longer texts, in characters, it is made each time: few ask with them, and they take room. */
const longest = 1000;

/** What was made of a text before, or is made now; of the texts asked last, for most ask with the same few. */
export function remembered<T>(most = 100): (text: string | undefined, make: () => T) => T {
  const known = new Map<string | undefined, T>();
  return (text, make) => {
    if (known.has(text)) return known.get(text)!;
    if (text !== undefined && text.length > longest) return make();
    const made = make();
    known.set(text, made);
    for (const oldest of known.keys()) if (known.size > most) known.delete(oldest);
    return made;
  };
}
