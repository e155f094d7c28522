import { z } from "zod";
import { fileName } from "../file-name.ts";
import { xlsxType, type Locale } from "../format.ts";
import { Problem, shown } from "../problem.ts";
import { madeOnce } from "../report/made.ts";
import { nationalReport } from "../report/national-report.ts";
import { makePdf } from "../report/pdf.ts";
import { reviewReport } from "../report/review-report.ts";
import { reviewSheets } from "../report/review-workbook.ts";
import { makeSheets } from "../report/sheets.ts";
import { talkSheet } from "../report/talk-sheet.ts";
import { wordsIn, type Words } from "../report/words.ts";
import { zipOf } from "../report/zip.ts";
import type { Half } from "../review/half.ts";
import { addIssued, fileHash, findIssued } from "../review/issued.ts";
import { progressOf } from "../review/progress.ts";
import { readReview, type Review } from "../review/review.ts";
import { workspaceFile, workspaceRoute, type Reading } from "../route.ts";
import { endedHalf, ofReview, reviewAsked } from "./reviews.ts";

interface Form {
  format: "pdf" | "xlsx";
  mediaType: string;
  make(review: Review, words: Words): Promise<Uint8Array>;
}

const pdf: Form = {
  format: "pdf",
  mediaType: "application/pdf",
  make: (review, words) => makePdf(reviewReport(review, words)),
};
const xlsx: Form = {
  format: "xlsx",
  mediaType: xlsxType,
  make: (review, words) => makeSheets(reviewSheets(review, words), words.language),
};

/** All of a review that its report shows. */
const stateOf = ({ hash, state, steps, release, missing, restated_since }: Review): string[] => [
  hash,
  JSON.stringify([state, steps, release, missing, restated_since]),
];

/** `voortgang-den-haag-2016-H2.pdf`; with its language where that is not Dutch. */
const nameOf = (what: string, half: string, locale: Locale, format: string): string =>
  fileName(`${what}-${half}${locale === "nl" ? "" : `-${locale}`}.${format}`);

type Writer = Pick<Reading<unknown>, "workspace" | "at" | "locale">;

/** The report of a review; of a signed one it is remembered that it was made. */
async function reportOf(review: Review, form: Form, { workspace, at, locale }: Writer): Promise<Uint8Array> {
  const bytes = await madeOnce(["review", form.format, locale, ...stateOf(review)], () =>
    form.make(review, wordsIn(locale)),
  );
  if (review.state === "signed") {
    const file = { file_hash: fileHash(bytes), format: form.format, document_hash: review.hash };
    await workspace.write((db) => addIssued(db, { unit_id: review.unit_id, half: review.half }, file, at));
  }
  return bytes;
}

/** The reviews of a half-year: that of the force, then those of the units. */
async function allReviews(
  { snapshots, whole, workspace }: Pick<Reading<unknown>, "snapshots" | "whole" | "workspace">,
  half: Half,
) {
  const { reviews } = await progressOf(snapshots, workspace, half);
  return Promise.all(reviews.map(({ unit_id }) => readReview(whole, workspace, { unit_id, half: half.half }, half)));
}

const ofHalf = ofReview.pick({ half: true });

export default [
  ...[pdf, xlsx].map((form) =>
    workspaceFile({
      path: `/reviews/:unit/:half/report.${form.format}`,
      summary:
        form.format === "pdf"
          ? "The report of a review as a document (A4, PDF/UA-1)"
          : "The report of a review as a workbook: a sheet for each focus point, definitions and sources",
      query: ofReview,
      mediaType: form.mediaType,
      async file(reading) {
        const { key, half } = await reviewAsked(reading);
        const review = await readReview(reading.whole, reading.workspace, key, half);
        return {
          key: stateOf(review),
          name: nameOf(`voortgang-${key.unit_id}`, key.half, reading.locale, form.format),
          pieces: async () => [await reportOf(review, form, reading)],
        };
      },
    }),
  ),
  workspaceFile({
    path: "/reviews/:unit/:half/talk.pdf",
    summary: "One page for the management talk about a unit: its plan, its figures, three questions",
    query: ofReview,
    mediaType: pdf.mediaType,
    async file(reading) {
      const { key, half } = await reviewAsked(reading);
      const review = await readReview(reading.whole, reading.workspace, key, half);
      return {
        key: stateOf(review),
        name: nameOf(`gespreksblad-${key.unit_id}`, key.half, reading.locale, "pdf"),
        pieces: async () => [await makePdf(talkSheet(review, wordsIn(reading.locale)))],
      };
    },
  }),
  workspaceFile({
    path: "/progress/:half/report.pdf",
    summary: "The reviews of all units together, for the meeting of the chiefs with the force's leadership",
    query: ofHalf,
    mediaType: pdf.mediaType,
    async file(reading) {
      const half = endedHalf(reading.query.half, reading.at);
      const reviews = await allReviews(reading, half);
      return {
        key: reviews.flatMap(stateOf),
        name: nameOf("landelijk-overzicht", half.half, reading.locale, "pdf"),
        pieces: async () => [await makePdf(nationalReport(reviews, wordsIn(reading.locale)))],
      };
    },
  }),
  workspaceFile({
    path: "/progress/:half/reports.zip",
    summary: "The reports of all reviews of a half-year and the overview of them, as PDF",
    query: ofHalf,
    mediaType: "application/zip",
    async file(reading) {
      const half = endedHalf(reading.query.half, reading.at);
      const reviews = await allReviews(reading, half);
      const { locale } = reading;
      async function* files() {
        const overview = await makePdf(nationalReport(reviews, wordsIn(locale)));
        yield { name: nameOf("landelijk-overzicht", half.half, locale, "pdf"), bytes: overview };
        for (const review of reviews)
          yield {
            name: nameOf(`voortgang-${review.unit_id}`, half.half, locale, "pdf"),
            bytes: await reportOf(review, pdf, reading),
          };
      }
      return {
        key: reviews.flatMap(stateOf),
        name: nameOf("voortgang", half.half, locale, "zip"),
        pieces: async () => zipOf(files()),
      };
    },
  }),
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
    async answer({ query, workspace, snapshots }) {
      const found = await workspace.read((db) => findIssued(db, query.file));
      const outside = await snapshots.use(undefined, async ({ catalogue }) => catalogue.outside.units);
      if (!found || outside.has(found.unit_id))
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
