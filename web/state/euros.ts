import { formatNumber, type Language } from "../format.ts";

/** An amount in euros, with cents where there are any: "€ 1.250,50". */
export function formatEuros(value: number, language: Language): string {
  const sign = value < 0 ? "-" : "";
  return `${sign}€${language === "nl" ? "\u00a0" : ""}${formatAmount(Math.abs(value), language)}`;
}

/** The same without the sign of the euro, for tables that say it once. */
export const formatAmount = (value: number, language: Language): string =>
  formatNumber(value, language, Number.isInteger(Math.round(value * 100) / 100) ? 0 : 2);
