import type { Served } from "../api.ts";

/** The name of a file without its ending: with the snapshot that its figures are of. */
export const stampedName = (name: string, meta: Served | null): string => (meta ? `${name}-${meta.snapshot}` : name);
