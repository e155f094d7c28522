import path from "node:path";
import type { LocalCommand } from "../command.ts";
import { writeLake, type LakeResult } from "../lake.ts";
import { Refusal, Usage } from "../problem.ts";
import { currentSnapshot } from "../publish.ts";

export const command: LocalCommand<LakeResult> = {
  usage: "lake [folder]",
  help: "Writes the current snapshot as Parquet into a folder (KVV_LAKE where none is named), for other engines to read",
  where: "here",
  async run({ context, positionals, cwd }) {
    const [name, ...more] = positionals;
    const { home, lake } = context.settings;
    if (more.length > 0) throw new Usage("usage: kvv lake [folder]");
    if (!name && !lake) throw new Usage("name a folder, or set KVV_LAKE: kvv lake <folder>");
    const snapshot = currentSnapshot(home);
    if (!snapshot) throw new Refusal("there is no snapshot yet; publish first");
    return writeLake({ home, snapshot, lake: name ? path.resolve(cwd, name) : lake }, (done, total) =>
      context.log("writing into the lake", { done, total }),
    );
  },
  print: ({ snapshot, folder, rows, files, bytes, unchanged }) =>
    unchanged
      ? `${snapshot} is in ${folder} already`
      : `${rows} figures of ${snapshot} in ${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${folder}`,
};
