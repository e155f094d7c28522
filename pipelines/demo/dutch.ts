/** What Dutch exports call a column, by feed where feeds differ. */
const headers: Record<string, string> = {
  unit_id: "Eenheid",
  "staffing.period": "Peildatum",
  category: "Categorie",
  role: "Rol",
  scale: "Schaal",
  gender: "Geslacht",
  headcount: "Aantal",
  fte: "FTE",
  "movements.date": "Datum ingang",
  "movements.kind": "Soort mutatie",
  position: "Functie",
  intake_level: "Instroomniveau",
  scale_from: "Schaal van",
  scale_to: "Schaal naar",
  background: "Achtergrond",
  lateral: "Zij-instroom",
  count: "Aantal",
  exit_reason: "Reden uitstroom",
  exit_interview: "Exitgesprek",
  "background.period": "Peildatum",
  population: "Groep",
  source: "Bron",
  share: "Aandeel",
  complaint_id: "Klachtnummer",
  received_on: "Datum ontvangst",
  aspects: "Klachtaspecten",
  origin: "Indiener",
  route: "Behandeling",
  outcome: "Oordeel",
  "complaints.closed_on": "Datum afdoening",
  incident_id: "Incidentnummer",
  registered_on: "Datum registratie",
  occurred_on: "Pleegdatum",
  "incidents.kind": "Soort",
  grounds: "Discriminatiegronden",
  case_id: "Zaaknummer",
  case_opened_on: "Zaak geopend op",
  rdo_on: "Datum RDO",
  to_prosecutor_on: "Naar OM op",
  "incidents.closed_on": "Gesloten op",
  wave: "Meting",
  question: "Vraag",
  invited: "Uitgenodigd",
  respondents: "Respondenten",
  positive: "Positief",
};

/** What Dutch exports write for a code; columns of several feeds agree. */
const values: Record<string, Record<string, string>> = {
  category: { executive: "executief", support: "ondersteuning" },
  role: { employee: "medewerker", team_chief: "teamchef", sector_head: "sectorhoofd", top61: "top 61" },
  position: { employee: "medewerker", team_chief: "teamchef", sector_head: "sectorhoofd", top61: "top 61" },
  gender: { woman: "vrouw", man: "man", other: "anders", unknown: "onbekend" },
  kind: {
    intake: "instroom",
    appointment: "benoeming",
    promotion: "bevordering",
    exit: "uitstroom",
    nomination: "voordracht",
    internship: "stage",
  },
  background: { dual: "dubbele culturele achtergrond", single: "enkelvoudig", unknown: "niet opgegeven" },
  lateral: { yes: "ja", no: "nee" },
  exit_reason: {
    pension: "pensioen",
    career: "loopbaan",
    other: "overig",
    unknown: "onbekend",
    work_pressure: "werkdruk",
    dismissal: "ontslag",
    not_accepted: "niet geaccepteerd",
    safety: "veiligheid",
  },
  exit_interview: { held: "gevoerd", declined: "afgewezen", not_offered: "niet aangeboden" },
  population: { all: "alle medewerkers", executive: "executief" },
  aspects: {
    treatment: "bejegening",
    discrimination: "discriminatie",
    profiling: "etnisch profileren",
    force: "geweld",
    attitude: "houding",
    service: "dienstverlening",
    other: "overig",
  },
  origin: { citizen: "burger", internal: "intern" },
  route: { mediation: "bemiddeling", committee: "klachtencommissie", pending: "in behandeling" },
  outcome: {
    founded: "gegrond",
    partly_founded: "deels gegrond",
    unfounded: "ongegrond",
    no_judgement: "geen oordeel",
    settled: "naar tevredenheid afgehandeld",
    withdrawn: "ingetrokken",
    not_taken_up: "niet in behandeling genomen",
    pending: "in behandeling",
  },
};

/** The header that Dutch exports give a feed's column. */
export function dutchHeader(feed: string, column: string): string {
  return headers[`${feed}.${column}`] ?? headers[column] ?? column;
}

/** The words that Dutch exports use for a column's codes, where they differ. */
export function dutchValues(column: string): Record<string, string> | undefined {
  return values[column];
}
