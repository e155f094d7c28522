/** So many reports are kept as they were made. */
const most = 80;
const kept = new Map<string, Promise<Uint8Array>>();

/** A report by what it is made of: made once, and again when it was long ago. */
export function madeOnce(key: readonly string[], make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const name = JSON.stringify(key);
  const known = kept.get(name) ?? make();
  kept.delete(name);
  kept.set(name, known);
  known.catch(() => kept.delete(name));
  for (const oldest of kept.keys()) if (kept.size > most) kept.delete(oldest);
  return known;
}
