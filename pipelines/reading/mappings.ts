import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";
import type { Contract } from "../contracts/contract.ts";
import type { Settings } from "../settings.ts";
import type { Fault } from "../yaml-file.ts";
import { parseMapping } from "./mapping.ts";

/** The name that a mapping has beside the files in the inbox. */
export const inboxMapping = "mapping.yaml";

/** Every fault in the mappings that lie in the inbox and in the configuration's `data/mappings`. */
export function mappingFaults(settings: Pick<Settings, "home" | "config">, contracts: Map<string, Contract>): Fault[] {
  const inbox = [...contracts.values()].flatMap((contract) => {
    const file = path.join(settings.home, "inbox", contract.name, inboxMapping);
    return existsSync(file) ? faultsOf(file, contract) : [];
  });
  const folder = path.join(settings.config, "data", "mappings");
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
  const kept = names
    .filter((name) => /\.ya?ml$/.test(name) && statSync(path.join(folder, name)).isFile())
    .flatMap((name) => faultsOfKept(path.join(folder, name), contracts));
  return [...inbox, ...kept];
}

/** A mapping that lies elsewhere says itself which feed it is for. */
function faultsOfKept(file: string, contracts: Map<string, Contract>): Fault[] {
  const feed = parseDocument(readFileSync(file, "utf8")).get("feed");
  const contract = typeof feed === "string" ? contracts.get(feed) : undefined;
  if (contract) return faultsOf(file, contract);
  const line =
    1 +
    readFileSync(file, "utf8")
      .split("\n")
      .findIndex((text) => text.startsWith("feed:"));
  const known = [...contracts.keys()].join(", ");
  return [
    {
      file,
      line: Math.max(1, line),
      message:
        feed === undefined
          ? `say which feed this mapping is for: feed: …; there are: ${known}`
          : `there is no feed "${String(feed)}"; there are: ${known}`,
    },
  ];
}

const faultsOf = (file: string, contract: Contract) => parseMapping(readFileSync(file, "utf8"), file, contract).faults;
