import type { Notice } from "./notices.ts";

/** A message for the owner of a feed, in plain Dutch. */
export interface Message {
  subject: string;
  text: string;
}

/** What the owner is told; `address` is where the monitor is read, `timeZone` where its people are. */
export function messageOf(notice: Notice, address: string, timeZone: string): Message {
  const about = notice.title_nl;
  const file = notice.file ? `Het bestand ${notice.file}` : "Een bestand";
  const page = `${address}/data`;
  const since = `Sinds: ${dutchDate(notice.since, timeZone)}`;
  const reason = notice.reason ? `\nReden, zoals het programma die noemt (in het Engels): ${notice.reason}` : "";
  const kinds: Record<Notice["state"], { subject: string; lines: string[] }> = {
    refused: {
      subject: `${about}: bestand niet ingelezen`,
      lines: [
        `${file} met gegevens over ‘${about}’ is niet ingelezen. De gegevens die er al waren, zijn niet veranderd.`,
        since + reason,
        `Wat kunt u doen? Kijk op ${page} wat er aan de hand is. Lever daarna een verbeterd bestand aan.`,
      ],
    },
    failed: {
      subject: `${about}: ophalen niet gelukt`,
      lines: [
        `Het is niet gelukt om gegevens over ‘${about}’ op te halen of te lezen. De gegevens die er al waren, zijn niet veranderd. De monitor probeert het later vanzelf opnieuw.`,
        since + reason,
        `Wat kunt u doen? Vaak is het vanzelf weer in orde. Blijft het misgaan? Kijk dan op ${page} en neem contact op met de beheerder.`,
      ],
    },
    overdue: {
      subject: `${about}: gegevens zijn te laat`,
      lines: [
        `Er zijn nog geen nieuwe gegevens over ‘${about}’ binnen. Ze werden uiterlijk op ${dutchDate(notice.since, timeZone)} verwacht.`,
        `Wat kunt u doen? Lever de gegevens alsnog aan. Op ${page} ziet u tot wanneer er gegevens zijn.`,
      ],
    },
    well: {
      subject: `${about}: weer in orde`,
      lines: [`De gegevens over ‘${about}’ zijn weer in orde. U hoeft niets te doen.`, `Bekijk ze op ${page}.`],
    },
  };
  const { subject, lines } = kinds[notice.state];
  const end =
    notice.state === "well"
      ? "Dit bericht is automatisch verstuurd door de KVV-monitor."
      : "Dit bericht is automatisch verstuurd door de KVV-monitor. U krijgt het één keer. Zodra het is opgelost, laten we dat weten.";
  return { subject: `KVV-monitor – ${subject}`, text: ["Beste collega,", ...lines, end].join("\n\n") + "\n" };
}

/** A day, or a moment with its time where people are, in Dutch. */
function dutchDate(text: string, timeZone: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const day = { day: "numeric", month: "long", year: "numeric" } as const;
  const format = isDay
    ? new Intl.DateTimeFormat("nl-NL", { ...day, timeZone: "UTC" })
    : new Intl.DateTimeFormat("nl-NL", { ...day, hour: "2-digit", minute: "2-digit", timeZone });
  return format.format(new Date(text));
}
