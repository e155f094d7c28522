import type { Definition, Unit } from "../../api.ts";
import { formatDate, inLanguage, type Language } from "../../format.ts";
import type { Patch } from "../../state/address.ts";
import type { Entry } from "../../state/find.ts";
import type { Organisation } from "../../state/organisation.ts";

type Say = (key: string, values?: Record<string, string | number>) => string;

/** An entry of the menu. */
export interface MenuItem {
  label: string;
  href: string;
}

export interface Searched {
  organisation: Organisation;
  definitions: readonly Definition[];
  menu: readonly MenuItem[];
  /** Last day that the data reach: what exists then is open. */
  through: string;
  /** The unit that the reader looks at; an indicator then opens for it. */
  unitId: string | null;
  language: Language;
  say: Say;
  /** A link that keeps the reader's lasting choices. */
  to: (path: string, patch?: Patch) => string;
}

const levels = ["force", "unit", "district", "service", "team", "bureau"];

/** All that can be looked for: units from the force down and then the closed ones, indicators, pages of the menu. */
export function entriesOf(searched: Searched): Entry[] {
  const { definitions, menu, unitId, language, say, to } = searched;
  return [
    ...unitsInOrder(searched).map((unit) => unitEntry(unit, searched)),
    ...definitions.map((definition): Entry => {
      const id = definition.indicator_id;
      return {
        kind: "indicator",
        key: `indicator ${id}`,
        href: to(`/indicator/${id}`, { unit: unitId }),
        title: inLanguage(definition.title, language),
        detail: say(`focus.${definition.focus}`),
        also: id,
      };
    }),
    ...menu.map((item): Entry => ({
      kind: "page",
      key: `page ${item.href}`,
      href: to(item.href),
      title: say(item.label),
      detail: "",
    })),
  ];
}

const isClosed = (unit: Unit, through: string): boolean => unit.valid_to !== null && unit.valid_to < through;

function unitsInOrder({ organisation, through }: Searched): Unit[] {
  const place = (unit: Unit) => Number(isClosed(unit, through)) * levels.length + levels.indexOf(unit.level);
  return organisation.units().sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name, "nl"));
}

function unitEntry(unit: Unit, { organisation, through, language, say, to }: Searched): Entry {
  const closed = isClosed(unit, through);
  // Of a closed unit the path is that of its last day; the force stands above all and says nothing.
  const above = organisation
    .path(unit.unit_id, closed ? unit.valid_to! : through)
    .slice(0, -1)
    .filter(({ level }) => level !== "force");
  const path = above.map(({ name }) => name).join(" › ");
  return {
    kind: "unit",
    key: `unit ${unit.unit_id}`,
    href: to(`/unit/${unit.unit_id}`),
    title: unit.name,
    detail: [say(`level.${unit.level}`), path].filter(Boolean).join(" · "),
    also: [unit.unit_id, ...organisation.formerNames(unit.unit_id)].join(" "),
    ...(closed ? { note: say("find.closed", { date: formatDate(unit.valid_to!, language, "short") }) } : {}),
  };
}
