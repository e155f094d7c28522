import { z } from "zod";
import { id } from "../fields.ts";
import { fileName } from "../file-name.ts";
import { xlsxType } from "../format.ts";
import { Problem, shown } from "../problem.ts";
import { makePdf } from "../report/pdf.ts";
import { makeSheets } from "../report/sheets.ts";
import { readSubject, subjectReport, subjectSheets } from "../report/subject-report.ts";
import { subjects } from "../report/subjects.ts";
import { wordsIn } from "../report/words.ts";
import { unitIn } from "../review/review.ts";
import { workspaceFile } from "../route.ts";

const asked = z.strictObject({
  subject: z.enum(
    subjects.map(({ name }) => name) as [string, ...string[]],
    `is no subject; choose of ${subjects.map(({ name }) => name).join(", ")}`,
  ),
  unit: id,
  year: z.coerce.number().int().min(2000, "is no year").max(2100, "is no year"),
});

const forms = [
  { format: "pdf", mediaType: "application/pdf" },
  { format: "xlsx", mediaType: xlsxType },
] as const;

export default forms.map(({ format, mediaType }) =>
  workspaceFile({
    path: `/subjects/:subject/:unit/:year/report.${format}`,
    summary: `A yearly report about one subject, of a unit or the force (${format.toUpperCase()}): its figures, their parts, and what others published`,
    query: asked,
    mediaType,
    async file({ query, snapshots, locale }) {
      const { unit, year } = query;
      const subject = subjects.find(({ name }) => name === query.subject)!;
      const figures = await snapshots.use(undefined, (snapshot) => {
        const through = snapshot.manifest.data_through;
        if (through && `${year}-01-01` > through)
          throw new Problem(404, `the figures go to ${through}: none of ${shown(String(year))}`, { code: "no-report" });
        const at = { half: `${year}-H2`, start: `${year}-07-01`, end: `${year}-12-31` };
        return readSubject(snapshot, subject, unitIn(snapshot, unit, at), year);
      });
      const words = wordsIn(locale);
      return {
        key: [figures.manifest.snapshot, subject.name, unit, String(year)],
        name: fileName(`${query.subject}-${unit}-${year}${locale === "nl" ? "" : `-${locale}`}.${format}`),
        pieces: async () => [
          await (format === "pdf"
            ? makePdf(subjectReport(figures, words))
            : makeSheets(subjectSheets(figures, words), locale)),
        ],
      };
    },
  }),
);
