/** Where the reader is: a path and what was chosen, as the address bar has it. */
export interface Address {
  path: string;
  query: Readonly<Record<string, string>>;
}

/** A change of the choices: text sets, null takes out. */
export type Patch = Record<string, string | null | undefined>;

/** Choices that stay while the reader goes from page to page. */
export const lasting = ["lang", "theme", "grain", "period", "keys"] as const;

/** The address in a URL (absolute, or from the root). A broken escape in the path is read as it stands. */
export function readAddress(url: string): Address {
  const parsed = new URL(url, "http://monitor.invalid");
  const path = parsed.pathname.length > 1 ? parsed.pathname.replace(/\/+$/, "") : "/";
  return { path: path || "/", query: Object.fromEntries(parsed.searchParams) };
}

/** The address as a link from the root; empty choices are left out. */
export function writeAddress(address: Address): string {
  const search = new URLSearchParams(Object.entries(address.query).filter(([, value]) => value !== "")).toString();
  return search ? `${address.path}?${search}` : address.path;
}

/** The choices after a change; null and undefined take a choice out. */
export function patchQuery(query: Address["query"], patch: Patch): Record<string, string> {
  const next: Record<string, string> = { ...query };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === undefined || value === "") delete next[name];
    else next[name] = value;
  }
  return next;
}

/** The choices that go along to another page. */
export function lastingQuery(query: Address["query"]): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => (lasting as readonly string[]).includes(name)));
}

/** The parameters of a path under a pattern such as `/unit/:unit?`; null where it does not fit. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  if (given.length > wanted.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index];
    if (!part.startsWith(":")) {
      if (value !== part) return null;
    } else if (value !== undefined) parameters[part.slice(1).replace(/\?$/, "")] = decode(value);
    else if (!part.endsWith("?")) return null;
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
