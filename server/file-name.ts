/** A name for a file that is handed out: ids that came with data bring no folders, quotes or invisible signs into it. */
export function fileName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/\.{2,}/g, ".");
  return [...plain].slice(-200).join("");
}
