import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, the longest first: none of them is begun last, and runs alone while the other cores wait. */
const longest = [
  ...["browser/workbench", "browser/pages", "browser/data", "browser/compare", "browser/terms", "browser/attacks"],
  ...["browser/upload", "browser/hrm", "browser/away", "browser/register", "browser/indicator", "browser/unit"],
  ...["engines/grouping", "publishing/publish", "schedule", "engines/grouping-trouble", "publishing/continued"],
  ...["server/servers/three", "stop", "engines/sources", "server/servers/large", "cli", "server/attacks/slow"],
  ...["indicators/indicators", "robust/disk-full", "backup", "loading/load", "server/workbench/life", "ops/packaging"],
  ...["workbench/adopt", "real/chicago", "start", "loading/correctness", "server/routes/reports", "server/main"],
  ...["server/matrix", "publishing/restatements", "loading/compact", "kill/kill", "homes/homes", "workbench/hostile"],
  ...["disclosure/audit", "workbench/drafting", "server/routes/drafts", "server/workbench/killed", "lake", "demo/demo"],
];

const place = ({ moduleId }: TestSpecification) => {
  const at = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return at < 0 ? longest.length : at;
};

/** Pages first, then long files first; the others as the runner would. A worker has files of one project: it is made anew for another. */
export default class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isPage = ({ project }: TestSpecification) => Number(project.name === "browser");
    return (await super.sort(files)).sort((a, b) => isPage(b) - isPage(a) || place(a) - place(b));
  }
}
