import { hashOf } from "../../server/review/document.ts";
import { addIssued } from "../../server/review/issued.ts";
import { saveText } from "../../server/review/texts.ts";
import { takeStep } from "../../server/review/steps.ts";
import { Workspace } from "../../server/workspace/workspace.ts";

// Run as a process of its own: writes one text of a review after another into the workspace that it is given, signs now and then
// with three writings in one piece of work, makes a report of it, and says of each what is kept.
const workspace = new Workspace(process.argv[2]!);
const key = { unit_id: "den-haag", half: "2016-H2" };
const author = () => ({ name: "lokaal", at: new Date() });
for (let version = Number(process.argv[3]); ; version++) {
  await workspace.write((db) =>
    saveText(db, key, { indicator_id: null, text: `${version} `.repeat(2000), version: version - 1 }, author()),
  );
  process.stdout.write(`${version}\n`);
  if (version % 10 === 0) {
    const document = `{"version":${version}}`;
    const hash = hashOf(document);
    await workspace.write(async (db) => {
      await takeStep(db, key, { state: "submitted" }, author());
      await takeStep(db, key, { state: "signed", signed: { document, hash } }, author());
      await takeStep(db, key, { state: "reopened", reason: "verder" }, author());
    });
    // A report of it is made.
    const file = { file_hash: hashOf(`report ${version}`), format: "pdf", document_hash: hash };
    await workspace.write((db) => addIssued(db, key, file, new Date()));
  }
}
