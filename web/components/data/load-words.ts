import type { Load, Unit } from "../../api.ts";
import { t } from "../../state/language.svelte.ts";

/** How a file was read: kind, encoding, delimiter, sheet. */
export function readAs(load: Load): string {
  const delimiter = load.delimiter === "\t" ? t("loads.tab") : load.delimiter;
  return [
    load.format?.toUpperCase(),
    load.encoding,
    delimiter && t("loads.delimiter", { delimiter }),
    load.sheet && t("loads.sheet", { sheet: load.sheet }),
    (load.header_row ?? 1) > 1 && t("loads.headerRow", { row: load.header_row! }),
  ]
    .filter(Boolean)
    .join(", ");
}

/** The unit that a load covers: the parts of several where none is above them together. */
export const coveredUnit = (load: Pick<Load, "unit_id">, find: (id: string) => Unit | null): string =>
  load.unit_id === null ? t("loads.severalUnits") : (find(load.unit_id)?.name ?? load.unit_id);
