/** How a file is written: as the exports of the time were. */
export type Style = "windows-1252" | "excel" | "plain";

/** One kind of file: a table of the generator and its columns. */
export interface Delivery {
  feed: string;
  table: string;
  /** Beginning of the file's name. */
  name: string;
  columns: string[];
  /** Columns that put the rows of a month in order, where the first alone does not. */
  order?: string[];
  style: (year: number) => Style;
  /** Whether the table has the faulty rows that are put into the feed. */
  faulty?: boolean;
  note?: string;
}

/** Years that share a file: few files load faster than many. */
export const yearsPerFile = 3;

const complaintColumns = [
  "complaint_id",
  "received_on",
  "unit_id",
  "aspects",
  "origin",
  "route",
  "outcome",
  "closed_on",
];

const incidentColumns = [
  "incident_id",
  "registered_on",
  "occurred_on",
  "unit_id",
  "kind",
  "grounds",
  "case_id",
  "case_opened_on",
  "rdo_on",
  "to_prosecutor_on",
  "closed_on",
];

const staffingColumns = ["period", "unit_id", "category", "role", "scale", "gender", "headcount", "fte"];

const staffingOrder = ["unit_id", "category", "role", "scale", "gender"];

const actionColumns = [
  "action_id",
  "number",
  "kind",
  "focus",
  "title",
  "unit_id",
  "owner",
  "mandatory",
  "starts_on",
  "due_on",
  "status",
  "year",
  "budget",
  "committed",
  "spent",
  "forecast",
  "funding",
  "cost_code",
  "condition",
  "note",
];

const oldExport = (year: number): Style => (year < 2016 ? "windows-1252" : "plain");
const spreadsheet = (year: number): Style => (year < 2019 ? "windows-1252" : "excel");

/** Every kind of file, in the order in which those of one span of years are loaded. */
export const deliveries: Delivery[] = [
  {
    feed: "staffing",
    table: "staffing_delivery",
    name: "staffing",
    columns: staffingColumns,
    order: staffingOrder,
    style: oldExport,
    faulty: true,
  },
  {
    feed: "staffing",
    table: "staffing_correction_delivery",
    name: "staffing-correction",
    columns: staffingColumns,
    order: staffingOrder,
    style: () => "excel",
    note: "late correction: March 2017 of Rotterdam, in which a district had been forgotten",
  },
  {
    feed: "movements",
    table: "movements_delivery",
    name: "movements",
    columns: [
      "date",
      "unit_id",
      "kind",
      "position",
      "category",
      "intake_level",
      "scale_from",
      "scale_to",
      "gender",
      "background",
      "lateral",
      "count",
      "exit_reason",
      "exit_interview",
    ],
    order: [
      "unit_id",
      "kind",
      "position",
      "category",
      "intake_level",
      "scale_from",
      "gender",
      "background",
      "lateral",
      "exit_reason",
      "exit_interview",
      "date",
    ],
    style: oldExport,
    faulty: true,
  },
  {
    feed: "background",
    table: "background_delivery",
    name: "background",
    columns: ["period", "unit_id", "population", "source", "share"],
    order: ["period", "unit_id", "population"],
    style: () => "excel",
  },
  {
    feed: "complaints",
    table: "complaints_delivery",
    name: "complaints",
    columns: complaintColumns,
    style: spreadsheet,
    faulty: true,
  },
  {
    feed: "complaints",
    table: "complaints_closed_delivery",
    name: "complaints-closed",
    columns: complaintColumns,
    style: spreadsheet,
    note: "complaints of earlier months that were closed since",
  },
  {
    feed: "use_of_force",
    table: "use_of_force_delivery",
    name: "use-of-force",
    columns: ["report_id", "incident_id", "occurred_on", "unit_id", "means", "injury", "assessment"],
    style: () => "plain",
    faulty: true,
  },
  {
    feed: "incidents",
    table: "incidents_delivery",
    name: "incidents",
    columns: incidentColumns,
    style: () => "excel",
    faulty: true,
  },
  {
    feed: "incidents",
    table: "incidents_discussed_delivery",
    name: "incidents-discussed",
    columns: incidentColumns,
    style: () => "excel",
    note: "cases of earlier months that were opened or discussed since",
  },
  {
    feed: "incidents",
    table: "incidents_ended_delivery",
    name: "incidents-ended",
    columns: incidentColumns,
    style: () => "excel",
    note: "cases of earlier months that went to the prosecutor or were closed since",
  },
  {
    feed: "survey",
    table: "survey_delivery",
    name: "survey",
    columns: ["wave", "unit_id", "population", "question", "invited", "respondents", "positive"],
    order: ["wave", "unit_id", "question"],
    style: spreadsheet,
    faulty: true,
  },
  {
    feed: "establishment",
    table: "establishment_delivery",
    name: "establishment",
    columns: ["period", "unit_id", "category", "fte", "vacancies"],
    order: ["unit_id", "category"],
    style: oldExport,
  },
  {
    feed: "committees",
    table: "committees_delivery",
    name: "committees",
    columns: ["date", "unit_id", "position", "members", "women", "diverse"],
    order: ["date", "unit_id", "position", "members", "women", "diverse"],
    style: () => "excel",
  },
  {
    feed: "absence",
    table: "absence_delivery",
    name: "absence",
    columns: ["period", "unit_id", "available_days", "sick_days"],
    order: ["unit_id"],
    style: spreadsheet,
  },
  {
    feed: "integrity",
    table: "integrity_delivery",
    name: "integrity",
    columns: ["period", "unit_id", "channel", "theme", "contacts"],
    order: ["unit_id", "channel", "theme"],
    style: spreadsheet,
  },
  {
    feed: "population",
    table: "population_delivery",
    name: "population",
    columns: ["year", "unit_id", "gender", "background", "persons"],
    order: ["unit_id", "gender", "background"],
    style: () => "excel",
  },
  {
    feed: "outputs",
    table: "outputs_delivery",
    name: "outputs",
    columns: ["date", "unit_id", "output", "quantity", "until"],
    order: ["date", "unit_id", "output", "until"],
    style: () => "plain",
  },
  {
    feed: "actions",
    table: "actions_begun_delivery",
    name: "actions",
    columns: actionColumns,
    style: () => "excel",
  },
  {
    feed: "actions",
    table: "actions_half_way_delivery",
    name: "actions-half-way",
    columns: actionColumns,
    style: () => "excel",
    note: "actions of earlier months with their money half-way the year",
  },
  {
    feed: "actions",
    table: "actions_ended_delivery",
    name: "actions-ended",
    columns: actionColumns,
    style: () => "excel",
    note: "actions of earlier months that ended since",
  },
];
