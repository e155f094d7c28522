/** A report about one subject: which figures it has, and by what they are divided. */
export interface Subject {
  /** In the address and in the texts, `report.subject.<name>`. */
  name: string;
  indicators: readonly string[];
  /** Tables of parts: an indicator and one of its breakdowns. */
  parts: readonly (readonly [indicator: string, breakdown: string])[];
}

/** The yearly reports besides the reviews. An indicator that a force does not have is left out. */
export const subjects: readonly Subject[] = [
  {
    name: "discrimination",
    indicators: [
      ...["discrimination-incidents", "discrimination-rate", "discrimination-registrations", "discrimination-days"],
      ...["rdo-discussed", "ex-officio", "discrimination-complaints", "contact-persons", "contact-points"],
    ],
    parts: [
      ["discrimination-incidents", "ground"],
      ["discrimination-complaints", "outcome"],
    ],
  },
  {
    name: "exits",
    indicators: ["exit-interviews", "exits-not-safe", "outflow", "outflow-women", "outflow-dual", "feels-safe"],
    parts: [
      ["exit-interviews", "category"],
      ["outflow", "gender"],
    ],
  },
  {
    name: "conduct",
    indicators: [
      ...["complaints", "complaints-rate", "complaints-founded", "complaints-days", "discrimination-complaints"],
    ],
    parts: [
      ["complaints", "aspect"],
      ["complaints-founded", "aspect"],
      ["discrimination-complaints", "route"],
    ],
  },
];
