import type { Right } from "../access.ts";
import { months, type Keep, type Processing, type RegisterColumn } from "./processing.ts";

/** What the monitor keeps of those who use it. */
type Own = Omit<Processing, "of" | "special" | "ground_decided" | "indicators" | "unused" | "seen"> & {
  /** By which it is seen. */
  rights: readonly Right[];
};

const words = (nl: string, en: string) => ({ nl, en });

const columns = (names: Record<string, "user" | "free">): RegisterColumn[] =>
  Object.entries(names).map(([name, about]) => ({
    ...{ name, header: null, type: "text", about, stored: true },
    ...{ special: [], indicators: [], uses: [] },
  }));

const publicTask = words(
  "AVG art. 6 lid 1 onder e (taak van algemeen belang): wie iets schreef of vaststelde hoort bij het stuk.",
  "GDPR art. 6(1)(e) (task in the public interest): who wrote or signed something belongs to the document.",
);

const admin = "Beheerder van de monitor";

/** How long each is kept comes from the settings. */
export function ownProcessings(keep: Keep): Own[] {
  return [texts, auditLog(keep), sessions(keep), addresses];
}

/** Columns of the workspace's tables that are about a user, or in which somebody may be named. */
const texts: Own = {
  id: "workspace",
  title: words("Wat mensen schrijven", "What people write"),
  description: words(
    "Toelichtingen, afspraken, plannen, evaluaties, acties, ondertekende voortgangen en definities van cijfers, met wie ze schreef en wanneer; bij definities ook een hash waaraan de monitor diegene kent als een naam verandert.",
    "Comments, agreements, plans, evaluations, actions, signed reviews and definitions of indicators, with who wrote them and when; of definitions also a hash by which the monitor knows them when a name changes.",
  ),
  purpose: words(
    "Verantwoorden hoe het met het programma gaat, en later kunnen zien wie wat heeft vastgesteld.",
    "Accounting for the programme, and seeing later who settled what.",
  ),
  law: "gdpr",
  subjects: ["users", "staff"],
  ground: publicTask,
  questions: [
    words(
      "Teksten worden nooit gewist, alleen opgevolgd door een nieuwe versie. Hoe lang mogen zij blijven, en wat gebeurt er als iemand vraagt zijn naam of een tekst over hem te verwijderen?",
      "Texts are never removed, only followed by a next version. How long may they stay, and what happens when somebody asks for their name, or a text about them, to be removed?",
    ),
  ],
  supplier: words("Wie in de monitor schrijft", "Who writes in the monitor"),
  owner: "Programmabureau De Kracht van het Verschil",
  retention: words(
    "Onbeperkt: wat geschreven is blijft, met alle versies.",
    "Without limit: what was written stays, with all its versions.",
  ),
  kept: [{ what: "texts", amount: null, unit: "months", setting: null }],
  measures: ["rights", "logged"],
  rights: ["reviews", "evaluations", "actions", "drafts"],
  columns: columns({
    ...{ saved_by: "user", saved_at: "user", acted_by: "user", acted_at: "user" },
    ...{ taken_by: "user", taken_at: "user", subject: "user" },
    ...{ text: "free", reason: "free", owner: "free", result: "free", measures: "free", note: "free" },
    ...{ title: "free", condition: "free", document: "free", delivered: "free" },
    ...{ definition: "free", examples: "free", targets: "free" },
  }),
};

/** The fields of a line of the log. */
const auditLog = (keep: Keep): Own => ({
  id: "audit",
  title: words("Logboek: wie deed wat", "The log of who did what"),
  description: words(
    "Een regel voor elke keer dat iemand zich aanmeldt, kijkt, cijfers meeneemt, iets verandert, ondertekent of stuurt, of iets niet mocht. Bij een proef met beschermde gegevens staat ook wat er werd gevraagd.",
    "A line for each time somebody signs in, looks, takes figures along, changes, signs or sends something, or was refused. Of a preview of something protected it has what was asked too.",
  ),
  purpose: words(
    "Achteraf kunnen nagaan wie welke gegevens zag of veranderde, en misbruik zien.",
    "Finding out afterwards who saw or changed which data, and seeing abuse.",
  ),
  law: "gdpr",
  subjects: ["users"],
  ground: words(
    "AVG art. 32 (beveiliging); voor politiegegevens de plicht tot loggen van Wpg art. 32a.",
    "GDPR art. 32 (security); for police data the duty to log of Police Data Act art. 32a.",
  ),
  questions: [
    words(
      "Dit logboek laat zien wat medewerkers doen. Heeft de ondernemingsraad ingestemd (WOR art. 27 lid 1 onder k en l), en is vastgelegd waarvoor het wel en niet wordt gebruikt?",
      "This log shows what staff do. Has the works council agreed (Works Councils Act art. 27(1)(k) and (l)), and is it laid down what it is used for and what not?",
    ),
    words("Is de bewaartermijn nodig voor dit doel?", "Is the term for which it is kept needed for this purpose?"),
  ],
  supplier: words("De monitor zelf", "The monitor itself"),
  owner: admin,
  retention: words("Een aantal maanden, volgens de instelling.", "A number of months, as the setting says."),
  kept: [months("audit", keep.keepAuditMonths, "KVV_KEEP_AUDIT_MONTHS")],
  measures: ["chained", "rights"],
  rights: ["audit"],
  columns: columns({
    ...{ at: "user", user: "user", roles: "user", did: "user", what: "user", selection: "user", status: "user" },
    text: "free",
  }),
});

/** What the cookie holds. */
const sessions = (keep: Keep): Own => ({
  id: "sessions",
  title: words("Wie is aangemeld", "Who is signed in"),
  description: words(
    "Een ondertekend cookie met naam, rollen en eenheden en een hash van wat de aanmeldvoorziening van iemand weet (sub), en een lijst van aanmeldingen die eerder zijn beëindigd.",
    "A signed cookie with name, roles and units and a hash of what the provider knows somebody by (sub), and a list of sessions that were ended early.",
  ),
  purpose: words(
    "Weten wie vraagt, en alleen laten zien wat diegene mag zien.",
    "Knowing who asks, and showing only what they may see.",
  ),
  law: "gdpr",
  subjects: ["users"],
  ground: words("AVG art. 32 (beveiliging).", "GDPR art. 32 (security)."),
  questions: [],
  supplier: words("De aanmeldvoorziening van het korps", "The force's sign-in provider"),
  owner: admin,
  retention: words(
    "Een aantal uren, volgens de instellingen; daarna vergeet de monitor de aanmelding.",
    "A number of hours, as the settings say; then the monitor forgets the session.",
  ),
  kept: [
    { what: "session", amount: keep.sessionLongestMs / 3_600_000, unit: "hours", setting: "KVV_SESSION_HOURS" },
    { what: "idle", amount: keep.sessionIdleMs / 60_000, unit: "minutes", setting: "KVV_SESSION_IDLE_MINUTES" },
  ],
  measures: ["signed"],
  rights: [],
  columns: columns({
    ...{
      name: "user",
      roles: "user",
      units: "user",
      subject: "user",
      iat: "user",
      seen: "user",
      id_token: "user",
      jti: "user",
    },
  }),
});

const addresses: Own = {
  id: "addresses",
  title: words("Wie berichten krijgt", "Who is sent messages"),
  description: words(
    "E-mailadressen in data/owners.yaml van wie hoort dat een bron te laat is, en van wie aan de voortgang wordt herinnerd.",
    "E-mail addresses in data/owners.yaml of who hears that a feed is late, and of who is reminded of reviews.",
  ),
  purpose: words("Mensen op tijd iets laten weten.", "Letting people know in time."),
  law: "gdpr",
  subjects: ["users"],
  ground: publicTask,
  questions: [],
  supplier: words("Wie de monitor inricht", "Who sets the monitor up"),
  owner: admin,
  retention: words("Zolang het adres in het bestand staat.", "For as long as the address stands in the file."),
  kept: [{ what: "addresses", amount: null, unit: "months", setting: null }],
  measures: [],
  rights: [],
  columns: columns({ address: "user" }),
};
