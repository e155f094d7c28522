import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import { escape, fold, icalendarOf, type CalendarEvent } from "../../../server/calendar/icalendar.ts";
import { checkLines } from "./lines.ts";

const event: CalendarEvent = {
  uid: "0c6e2a1e-0000-8000-8000-000000000000",
  on: "2017-02-25",
  summary: "Voortgangsverslag, Den Haag; \\ é",
  description: "Eerste regel\nTweede regel",
  categories: ["Verslag, half"],
  url: "https://monitor.example.org/review?half=2016-H2&a=1,2;3",
};
const stamp = new Date("2017-02-03T06:00:00Z");

/** The events as another program reads them. */
const read = (text: string) =>
  new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents("vevent").map((each) => {
    const { uid, summary, description, startDate, endDate, component } = new ICAL.Event(each);
    const value = (name: string) => String(component.getFirstPropertyValue(name));
    const [on, end] = [String(startDate), String(endDate)];
    return { uid, on, end, summary, description, url: value("url"), categories: value("categories") };
  });

describe("icalendarOf(name, events, stamp)", () => {
  it("is read back by another program as it was written: whole days, text, address", () => {
    const text = icalendarOf("Kalender; alles, é", [event], stamp);
    checkLines(text);
    const { uid, on, summary, description, url } = event;
    expect(read(text)).toEqual([
      { uid, on, end: "2017-02-26", summary, description, url, categories: "Verslag, half" },
    ]);
    expect(text).toContain("\r\nX-WR-CALNAME:Kalender\\; alles\\, é\r\n");
    expect(text).toContain("\r\nDTSTART;VALUE=DATE:20170225\r\n");
    expect(text).toContain("\r\nDTSTAMP:20170203T060000Z\r\n");
    expect(text).toContain("\r\nURL:https://monitor.example.org/review?half=2016-H2&a=1,2;3\r\n");
  });

  it("keeps any text, whatever its signs and length", () => {
    const words = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(words, words, (summary, description) => {
        const text = icalendarOf("Kalender", [{ ...event, summary, description }], stamp);
        checkLines(text);
        const plain = (each: string) => each.replace(/\r\n?/g, "\n").replace(/[^\P{Cc}\n\t]|\p{Surrogate}/gu, "");
        const [found] = read(text);
        expect([found!.summary ?? "", found!.description ?? ""]).toEqual([plain(summary), plain(description)]);
      }),
    );
  });

  it("is a whole calendar without events too", () => {
    const text = icalendarOf("Kalender", [], stamp);
    checkLines(text);
    expect(read(text)).toEqual([]);
  });
});

describe("fold(line), escape(text)", () => {
  it("cut after 75 octets, and no character in two", () => {
    const folded = fold("SUMMARY:" + "é😀".repeat(40));
    for (const piece of folded.split("\r\n")) {
      expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(75);
      expect(piece).not.toContain("\ufffd");
    }
    expect(folded.replaceAll("\r\n ", "")).toBe("SUMMARY:" + "é😀".repeat(40));
    expect(fold("x".repeat(75))).toBe("x".repeat(75));
  });

  it("write signs with a meaning, and leave out what cannot be held", () => {
    expect(escape("a,b;c\\d\r\ne\u0007\ud800f")).toBe("a\\,b\\;c\\\\d\\nef");
  });
});
