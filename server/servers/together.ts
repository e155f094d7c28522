import type { Settings } from "../../pipelines/settings.ts";
import { CannotStart } from "../listen.ts";

/** What a server knows of others on other machines. */
export type Together = Pick<Settings, "publishedUrl" | "publishedToken" | "writesUrl" | "serversSecret">;

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Refuses settings by which figures, or what people write, could be overheard, or would be for anybody. */
export function checkTogether(settings: Together, mode: string): void {
  const { publishedUrl, publishedToken, writesUrl, serversSecret } = settings;
  for (const [name, address] of [
    ["KVV_PUBLISHED_URL", publishedUrl],
    ["KVV_WRITES_URL", writesUrl],
  ] as const) {
    if (address === "") continue;
    const { protocol, hostname, username, password, search, hash } = new URL(address);
    if (protocol !== "https:" && !loopback.has(hostname))
      throw new CannotStart(`${name} is an address of another machine, which is reached by https only`);
    if (username || password || search || hash)
      throw new CannotStart(`${name} has more than a host and a path; its secret goes into a setting of its own`);
    if (mode !== "serve")
      throw new CannotStart(`${name} is for \`kvv serve\`: the pipelines run where snapshots are published`);
  }
  if (publishedUrl !== "" && publishedToken === "")
    throw new CannotStart(
      "KVV_PUBLISHED_URL is set, but KVV_PUBLISHED_TOKEN is not: figures are fetched with a secret",
    );
  if (writesUrl !== "" && serversSecret === "")
    throw new CannotStart(
      "KVV_WRITES_URL is set, but KVV_SERVERS_SECRET is not: the server there must know who passes something on",
    );
  if (publishedToken !== "" && publishedToken === serversSecret)
    throw new CannotStart(
      "KVV_PUBLISHED_TOKEN and KVV_SERVERS_SECRET are the same: the one is shown to whoever has the published folder, the other to nobody",
    );
}
