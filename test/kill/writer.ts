import { saveText } from "../../server/review/texts.ts";
import { takeStep } from "../../server/review/steps.ts";
import { Workspace } from "../../server/workspace/workspace.ts";

// Run as a process of its own: writes one text of a review after another into the workspace that it is given, signs now and then
// with two writings in one piece of work, and says of each what is kept.
const workspace = new Workspace(process.argv[2]!);
const key = { unit_id: "den-haag", half: "2016-H2" };
const author = () => ({ name: "lokaal", at: new Date() });
for (let version = Number(process.argv[3]); ; version++) {
  await workspace.write((db) =>
    saveText(db, key, { indicator_id: null, text: `${version} `.repeat(2000), version: version - 1 }, author()),
  );
  process.stdout.write(`${version}\n`);
  if (version % 10 === 0)
    await workspace.write(async (db) => {
      await takeStep(db, key, { state: "submitted" }, author());
      await takeStep(
        db,
        key,
        { state: "signed", signed: { document: `{"version":${version}}`, hash: "0".repeat(64) } },
        author(),
      );
      await takeStep(db, key, { state: "reopened", reason: "verder" }, author());
    });
}
