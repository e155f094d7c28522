/** An event of whole days. */
export interface CalendarEvent {
  uid: string;
  /** The day that it is on. */
  on: string;
  summary: string;
  description: string;
  categories: string[];
  url: string;
}

export const icalendarType = "text/calendar";

/** Octets that a line may have. */
const longest = 75;

/** A calendar (RFC 5545) of events that take nobody's time. `stamp` is when it was made: the same calendar has the same text. */
export function icalendarOf(name: string, events: readonly CalendarEvent[], stamp: Date): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//KVV//KVV-monitor//NL",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `NAME:${escape(name)}`,
    `X-WR-CALNAME:${escape(name)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    ...events.flatMap((event) => linesOf(event, timeOf(stamp))),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

const linesOf = ({ uid, on, summary, description, categories, url }: CalendarEvent, stamp: string): string[] => [
  "BEGIN:VEVENT",
  `UID:${uid}`,
  `DTSTAMP:${stamp}`,
  // Without an end it takes the whole of its day.
  `DTSTART;VALUE=DATE:${on.replaceAll("-", "")}`,
  `SUMMARY:${escape(summary)}`,
  `DESCRIPTION:${escape(description)}`,
  `CATEGORIES:${categories.map(escape).join(",")}`,
  // An address is no text: its commas and semicolons stay as they are.
  `URL:${new URL(url).href}`,
  "TRANSP:TRANSPARENT",
  "END:VEVENT",
];

const timeOf = (moment: Date): string => moment.toISOString().replace(/[-:]|\.\d+/g, "");

/** Text as the format has it; control characters, which it cannot hold, are left out. */
export function escape(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]|\p{Surrogate}/gu, "")
    .replace(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll("\n", "\\n");
}

/** A line in pieces of at most 75 octets, each further one after a space; no character is cut. */
export function fold(line: string): string {
  const pieces: string[] = [];
  let piece = "";
  let octets = 0;
  for (const sign of line) {
    const more = Buffer.byteLength(sign);
    if (octets + more > longest) {
      pieces.push(piece);
      piece = " ";
      octets = 1;
    }
    piece += sign;
    octets += more;
  }
  return [...pieces, piece].join("\r\n");
}
