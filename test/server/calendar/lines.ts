import { expect } from "vitest";

/** What each part of a calendar must have exactly once. */
const must: Record<string, string[]> = {
  VCALENDAR: ["VERSION", "PRODID"],
  VEVENT: ["UID", "DTSTAMP", "DTSTART", "SUMMARY"],
};

/** Holds a text against the grammar of RFC 5545: ends of lines, their length, names, parts that close each other. */
export function checkLines(text: string): void {
  expect(text.endsWith("\r\n")).toBe(true);
  const lines = text.slice(0, -2).split("\r\n");
  for (const line of lines) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(line).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f]/);
    expect(line).not.toBe("");
  }
  const open: { name: string; had: string[] }[] = [];
  for (const line of text.replaceAll("\r\n ", "").slice(0, -2).split("\r\n")) {
    expect(line).toMatch(/^[A-Z][A-Z-]*(;[A-Z-]+=[A-Z]+)*:/);
    const name = /^[A-Z-]+/.exec(line)![0];
    const value = line.slice(line.indexOf(":") + 1);
    if (name === "BEGIN") {
      open.at(-1)?.had.push(value);
      open.push({ name: value, had: [] });
    } else if (name === "END") {
      const { name: begun, had } = open.pop()!;
      expect(value).toBe(begun);
      for (const each of must[begun]!) expect(had.filter((one) => one === each)).toEqual([each]);
    } else {
      open.at(-1)!.had.push(name);
      // Of a text, signs with a meaning stand after a backslash.
      if (["SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME"].includes(name))
        expect(value.replace(/\\[\\;,n]/g, "")).not.toMatch(/[\\;,]/);
    }
  }
  expect(open).toEqual([]);
}
