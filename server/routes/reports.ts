import { z } from "zod";
import { xlsxType } from "../format.ts";
import { Problem, shown } from "../problem.ts";
import { makePdf } from "../report/pdf.ts";
import { reviewReport } from "../report/review-report.ts";
import { reviewSheets } from "../report/review-workbook.ts";
import { makeSheets } from "../report/sheets.ts";
import { wordsIn, type Words } from "../report/words.ts";
import { addIssued, fileHash, findIssued } from "../review/issued.ts";
import { readReview, type Review } from "../review/review.ts";
import { workspaceFile, workspaceRoute } from "../route.ts";
import { ofReview, reviewAsked } from "./reviews.ts";

const forms = [
  {
    format: "pdf",
    mediaType: "application/pdf",
    summary: "The report of a review as a document (A4, PDF/UA-1)",
    make: (review: Review, words: Words) => makePdf(reviewReport(review, words)),
  },
  {
    format: "xlsx",
    mediaType: xlsxType,
    summary: "The report of a review as a workbook: a sheet for each focus point, definitions and sources",
    make: (review: Review, words: Words) => makeSheets(reviewSheets(review, words), words.language),
  },
];

/** All of a review that its report shows. */
const stateOf = ({ hash, state, steps, release, missing, restated_since }: Review): string[] => [
  hash,
  JSON.stringify([state, steps, release, missing, restated_since]),
];

export default [
  ...forms.map(({ format, mediaType, summary, make }) =>
    workspaceFile({
      path: `/reviews/:unit/:half/report.${format}`,
      summary,
      query: ofReview,
      mediaType,
      async file({ query, snapshots, workspace, locale, at }) {
        const { key, half } = await reviewAsked({ query, snapshots, at });
        const review = await readReview(snapshots, workspace, key, half);
        return {
          key: stateOf(review),
          name: `voortgang-${key.unit_id}-${key.half}${locale === "nl" ? "" : `-${locale}`}.${format}`,
          async make() {
            const bytes = await make(review, wordsIn(locale));
            if (review.state === "signed") {
              const file = { file_hash: fileHash(bytes), format, document_hash: review.hash };
              await workspace.write((db) => addIssued(db, key, file, at));
            }
            return bytes;
          },
        };
      },
    }),
  ),
  workspaceRoute({
    method: "get",
    path: "/issued/:file",
    summary:
      "Of which signed review a file was made, by the SHA-256 of its bytes; 404 where none was, or where it was changed since",
    query: z.strictObject({
      file: z.string().regex(/^[0-9a-f]{64}$/, "is no SHA-256; write 64 digits 0-9 and a-f"),
    }),
    body: null,
    schema: z.object({
      file_hash: z.string(),
      unit_id: z.string(),
      half: z.string(),
      format: z.string(),
      document_hash: z.string(),
      issued_at: z.iso.datetime(),
      signed_at: z.iso.datetime(),
      signed_by: z.string(),
      intact: z.boolean().meta({ description: "Whether what is kept of the signing still has its hash" }),
      current: z.boolean().meta({ description: "False where the review was reopened since" }),
    }),
    async answer({ query, workspace }) {
      const found = await workspace.read((db) => findIssued(db, query.file));
      if (!found)
        throw new Problem(
          404,
          `no file ${shown(query.file)} was made of a signed review here, or it was changed since`,
          {
            code: "not-issued",
          },
        );
      return found;
    },
  }),
];
