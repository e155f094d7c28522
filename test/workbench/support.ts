import { cpSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Answer } from "../../pipelines/handover.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import { Owner } from "../../pipelines/owner.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import type { Draft, DraftCheck, DraftPreview, PreviewAsk } from "../../pipelines/workbench/draft.ts";
import { complaints, organisation } from "../loading/support.ts";
import { makeForce } from "../support/force.ts";
import type { Home } from "../support/home.ts";

/** The texts that stand in the project about an indicator, without its targets. */
export function standing(id: string): Draft {
  const file = (...parts: string[]) => path.join(projectFolder, ...parts);
  const examples = file("test", "indicators", `${id}.yaml`);
  return {
    indicator_id: id,
    definition: readFileSync(file("pipelines", "indicators", `${id}.sql`), "utf8"),
    examples: existsSync(examples) ? readFileSync(examples, "utf8") : "",
    targets: "",
  };
}

/** The same draft with another query. */
export const withQuery = (draft: Draft, query: string): Draft => ({
  ...draft,
  definition: `${draft.definition.slice(0, draft.definition.indexOf("---*/"))}---*/\n${query}\n`,
});

export const targetHeader =
  "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on";

/** A line of targets of the small force. */
export const targetOf = (id: string, value: string) =>
  `${id},force,,,streefcijfer,decided,2016-01-01,2017-12-31,at_least,${value},,year,,,AWB 9:11,ours,,2016-01-01`;

/** An indicator that the project does not have: complaints closed within 70 days. */
export const within70: Draft = {
  indicator_id: "complaints-within-70",
  definition: standing("complaints-days")
    .definition.replace(/title: .*/, "title: { nl: Klachten binnen 70 dagen, en: Complaints within 70 days }")
    .replace("kind: duration", "kind: share")
    .replace("polarity: down", "polarity: up")
    .replace(/---\*\/[\s\S]*/, "---*/\n")
    .replace(
      /version: .*/,
      "version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }",
    )
    .concat(
      "select unit_id, received_on as month,\n  sum(count) filter (closed_on - received_on <= 70) as numerator,\n  sum(count) as denominator\nfrom complaints\nwhere closed_on is not null\ngroup by unit_id, received_on\n",
    ),
  examples: `today: 2017-02-01
covers: { from: 2016-01, to: 2016-12 }
feeds:
  complaints: |
    complaint_id  received_on  closed_on   unit_id
    k1            2016-01-01   2016-01-11  hoefkade
    k2            2016-01-01   2016-03-11  hoefkade
    k3            2016-02-01   2016-12-15  overbosch
    k4            2016-02-01   -           overbosch
expect: |
  unit_id   grain period_end  numerator denominator value
  den-haag  year  2016-12-31  2         3           0.6667
`,
  targets: `${targetHeader}\n${targetOf("complaints-within-70", "0.6")}\n`,
};

export interface Bench {
  home: Home;
  config: string;
  owner: Owner;
  ask(command: string, draft: object, gone?: AbortSignal): Promise<Answer>;
  check(draft: Draft): Promise<DraftCheck>;
  preview(ask: PreviewAsk): Promise<DraftPreview>;
  /** Loads a text as a file of the feed, in its turn. */
  load(feed: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

/** An owner of a home with the small organisation and some complaints, and a configuration of its own with a few of the project's indicators. */
export async function makeBench(
  env: Record<string, string> = {},
  indicators = ["complaints", "complaints-days"],
): Promise<Bench> {
  const { home, config } = makeForce(env, indicators);
  for (const id of indicators)
    for (const file of [`pipelines/indicators/versions/${id}.1.sql`, `test/indicators/${id}.yaml`])
      cpSync(path.join(projectFolder, file), path.join(config, file), { recursive: true });
  const owner = await Owner.open(home.context);
  // As it comes out of the socket, where JSON that was made as a text is the result.
  const ask = async (command: string, draft: object, gone?: AbortSignal): Promise<Answer> => {
    const ask = { command, arguments: [], cwd: home.folder, draft };
    const { json, ...answer } = await owner.answer(ask, () => undefined, gone);
    return json === undefined ? answer : { ...answer, result: JSON.parse(json) as object };
  };
  const resultOf = async <T>(command: string, draft: object) => {
    const { result, failed } = await ask(command, draft);
    if (!result) throw new Error(failed);
    return result as T;
  };
  let files = 0;
  const load = async (feed: string, text: string) => {
    const file = home.write(`load-${++files}.csv`, text);
    await owner.work("load", async (project, db) => {
      const { refused } = await loadFile(db, home.context, project.contracts, { feed, path: file, acceptChange: true });
      if (refused) throw new Error(refused);
    });
  };
  await load("units", organisation);
  await load("complaints", complaints([]));
  return {
    ...{ home, config, owner, ask, load },
    check: (draft) => resultOf<DraftCheck>("draft-check", draft),
    preview: (draft) => resultOf<DraftPreview>("draft-preview", draft),
    async stop() {
      await owner.close();
      await home.remove();
    },
  };
}
