import type { Carried, CarriedEdit, CarriedKind } from "./carried.ts";

/** What was agreed in a review. `owner` is a function, never a person. */
export interface Agreement extends Carried {
  agreement_id: number;
  indicator_id: string | null;
  text: string;
  owner: string;
  due_on: string | null;
}

export type AgreementEdit = CarriedEdit<Agreement, "agreement_id">;

export const agreementKind: CarriedKind<Agreement> = {
  noun: "agreement",
  table: "agreements",
  id: "agreement_id",
  fields: { indicator_id: "varchar", text: "varchar", owner: "varchar", due_on: "date" },
};
