import { z } from "zod";

/** A text that people write: nothing in it that no page and no report can show. Line ends and tabs are text. */
export const prose = (most: number) =>
  z
    .string()
    .max(most, `is longer than ${most} characters`)
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, "holds control characters")
    .regex(/^\P{Surrogate}*$/u, "holds halves of characters");

/** The same on one line. */
export const line = (most: number) => prose(most).regex(/^[^\r\n]*$/, "has more than one line");
