import path from "node:path";
import { inWords as troubleInWords } from "../faults.ts";
import { Refusal, Usage } from "../problem.ts";
import type { OwnerCommand } from "../command.ts";
import type { LoadRequest, LoadResult } from "../loading/load.ts";
import { loadRecorded } from "../loading/recorded.ts";
import { writeOperations } from "../operations.ts";
import { uploadSource } from "../upload.ts";

type Result = LoadResult | { loads: LoadResult[] };

const each = (result: Result): LoadResult[] => ("loads" in result ? result.loads : [result]);

export const command: OwnerCommand<Result> = {
  usage: "load <feed> <file>... [--mapping M] [--accept-change]",
  help: "Loads files of a feed into the warehouse: read = accepted + quarantined + skipped + merged",
  options: { mapping: { type: "string" }, "accept-change": { type: "boolean" } },
  makesFigures: true,
  where: "owner",
  async run({ db, context, project, values, positionals, cwd, upload }) {
    const [feed, ...files] = positionals;
    if (!feed || (files.length === 0 && !upload))
      throw new Usage(`name a feed and at least one file\nusage: kvv ${command.usage}`);
    if (!project.contracts.has(feed))
      throw new Usage(`no feed "${feed}"; there are: ${[...project.contracts.keys()].join(", ")}`);
    const loads: LoadResult[] = [];
    const acceptChange = values["accept-change"] === true;
    const load = async (request: LoadRequest, name: string) =>
      void loads.push(await loadRecorded({ db, context, project }, { ...request, acceptChange }, name));
    const mapping = typeof values.mapping === "string" ? { mappingPath: path.resolve(cwd, values.mapping) } : {};
    for (const file of files)
      await load({ feed, path: path.resolve(cwd, file), ...mapping }, path.basename(file)).catch((error: unknown) => {
        if (loads.length === 0) throw error;
        const before = loads.map((each) => `${each.file} was ${each.refused ? "refused" : "loaded"}`);
        throw new Refusal(`${path.basename(file)}: ${troubleInWords(error)}; before it ${before.join(", ")}`);
      });
    if (upload) {
      const mappingText = upload.mapping === null ? {} : { mappingText: upload.mapping };
      await load({ feed, source: uploadSource(upload), ...mappingText }, upload.name);
    }
    // What is loaded is loaded: only the lists of the data page are older until the next piece of work.
    await writeOperations(db, context, project).catch((error: unknown) =>
      context.log(`the lists of loads and runs could not be brought up to date: ${troubleInWords(error)}`),
    );
    return loads.length === 1 ? loads[0]! : { loads };
  },
  print: (result) => each(result).map(inWords).join("\n"),
  exit: (result) => (each(result).some((load) => load.refused) ? 1 : 0),
};

function inWords(load: LoadResult): string {
  const name = `${load.feed}: ${path.basename(load.file)}`;
  if (load.refused) return `${name}: refused: ${load.refused}\n  nothing was loaded; what was there before stays`;
  const counts = `read ${load.read} = accepted ${load.accepted} + quarantined ${load.quarantined} + skipped ${load.skipped} + merged ${load.merged}`;
  if (load.unchanged) return `${name}: the same file as before; nothing changed (${counts})`;
  const reading = inReading(load);
  const reasons = Object.entries(load.reasons).map(([code, count]) => `  ${count} ${code}`);
  return [`${name}: ${counts}`, ...(reading ? [reading] : []), ...reasons].join("\n");
}

/** How the file was read, so that a wrong guess is seen. */
function inReading({ format, encoding, delimiter, sheet, header_row }: LoadResult): string | null {
  if (!format) return null;
  const parts = [
    `read as ${format}`,
    encoding && `in ${encoding}`,
    delimiter && `with ${delimiter === "\t" ? "tabs" : `"${delimiter}"`} between columns`,
    sheet && `sheet "${sheet}"`,
    header_row !== null && header_row !== 1 && `header in ${sheet ? "row" : "line"} ${header_row}`,
  ];
  return `  ${parts.filter(Boolean).join(", ")}`;
}
