import { formatDate } from "../../web/format.ts";
import type { Words } from "./words.ts";

const days = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Amsterdam" });

/** The day of a moment (ISO, UTC) in the Netherlands, in words. */
export const dayOf = (moment: string, { language }: Words): string =>
  formatDate(
    days.format(new Date(/Z|[+-]\d\d:?\d\d$/.test(moment) ? moment : `${moment.replace(" ", "T")}Z`)),
    language,
  );
