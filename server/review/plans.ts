import type { Carried, CarriedEdit, CarriedKind } from "./carried.ts";

/** How a missed target will be reached. `owner` is a function, never a person. */
export interface Plan extends Carried {
  plan_id: number;
  indicator_id: string;
  measures: string;
  owner: string;
  /** The year in which the target will be reached. */
  reach_year: number;
}

export type PlanEdit = CarriedEdit<Plan, "plan_id">;

export const planKind: CarriedKind<Plan> = {
  noun: "plan",
  table: "plans",
  id: "plan_id",
  fields: { indicator_id: "varchar", measures: "varchar", owner: "varchar", reach_year: "integer" },
};
