import { createHash } from "node:crypto";
import type { Database } from "../../pipelines/database.ts";
import { hashOf } from "./document.ts";
import { momentOf, type ReviewKey } from "./texts.ts";

/** A file that was made here of a signed review. */
export interface Issued {
  file_hash: string;
  unit_id: string;
  half: string;
  format: string;
  /** SHA-256 of what was signed. */
  document_hash: string;
  issued_at: string;
  signed_at: string;
  signed_by: string;
  /** Whether what is kept of the signing still has that hash. */
  intact: boolean;
  /** Whether it is what holds now: false where it was reopened since. */
  current: boolean;
}

export const fileHash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Remembers a file; once, however often it is asked for. */
export async function addIssued(
  db: Database,
  key: ReviewKey,
  file: Pick<Issued, "file_hash" | "format" | "document_hash">,
  at: Date,
): Promise<void> {
  await db.run(
    `insert into issued by name
     select $file_hash as file_hash, $unit_id as unit_id, $half as half, $format as format,
       $document_hash as document_hash, $at::timestamp as issued_at
     where not exists (from issued where file_hash = $file_hash)`,
    { ...key, ...file, at: momentOf(at) },
  );
}

/** The file with that hash; null where none was made here, or where it was changed. */
export async function findIssued(db: Database, hash: string): Promise<Issued | null> {
  const found = await db.one<Omit<Issued, "intact" | "current"> & { document: string; step: number; last: number }>(
    `select file_hash, unit_id, half, format, document_hash, issued_at, acted_at as signed_at, acted_by as signed_by,
       document, step, (select max(step) from review_steps later
         where later.unit_id = issued.unit_id and later.half = issued.half) as last
     from issued
     join review_steps using (unit_id, half)
     where file_hash = $hash and review_steps.hash = document_hash
     order by step desc limit 1`,
    { hash },
  );
  if (!found) return null;
  const { document, step, last, ...issued } = found;
  return { ...issued, intact: hashOf(document) === issued.document_hash, current: step === last };
}
